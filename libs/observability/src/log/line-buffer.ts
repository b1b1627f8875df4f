/** A hundred lines; what comes in while one is being written gets the next. */
const pieceBytes = 64 * 1024;
/** Pieces kept for the next lines: one is being filled while another is written. */
const mostSpare = 4;

/**
 * Lines that wait to be written, copied as they come: kept one by one they would be thousands of small objects, and
 * every collection in between would copy them.
 */
export class LineBuffer {
  #full: Buffer[] = [];
  #piece: Buffer | undefined;
  readonly #spare: Buffer[] = [];
  #used = 0;
  #bytes = 0;
  #lines = 0;

  get lines(): number {
    return this.#lines;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @param line with its end */
  add(line: Buffer): void {
    this.#lines++;
    this.#bytes += line.length;
    if (this.#used + line.length > pieceBytes) this.#close();
    if (line.length > pieceBytes) {
      this.#full.push(Buffer.from(line));
      return;
    }
    const piece = (this.#piece ??= this.#spare.pop() ?? Buffer.allocUnsafeSlow(pieceBytes));
    piece.set(line, this.#used);
    this.#used += line.length;
  }

  /** All of them, which are then no longer here. */
  take(): Buffer[] {
    this.#close();
    const taken = this.#full;
    this.#full = [];
    this.#bytes = 0;
    this.#lines = 0;
    return taken;
  }

  /** They have been written, and nobody reads them any more: memory just used is nearer than new one. */
  giveBack(pieces: readonly Buffer[]): void {
    for (const { buffer } of pieces) {
      if (buffer.byteLength !== pieceBytes || this.#spare.length >= mostSpare) continue;
      this.#spare.push(Buffer.from(buffer));
    }
  }

  #close(): void {
    if (this.#used > 0 && this.#piece !== undefined) this.#full.push(this.#piece.subarray(0, this.#used));
    this.#piece = undefined;
    this.#used = 0;
  }
}
