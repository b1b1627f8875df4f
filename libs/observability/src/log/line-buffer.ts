/** A few dozen lines; what comes in while one is being written gets the next. */
const pieceBytes = 16 * 1024;
const lineFeed = 0x0a;

/**
 * Lines as bytes, encoded as they come: text kept until it is written would be thousands of small strings, and every
 * collection in between would copy them.
 */
export class LineBuffer {
  #full: Buffer[] = [];
  #piece: Buffer | undefined;
  #used = 0;
  #bytes = 0;
  #lines = 0;

  get lines(): number {
    return this.#lines;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @param line without its end */
  add(line: string): void {
    this.#lines++;
    // At most three bytes for each unit of UTF-16.
    const most = line.length * 3 + 1;
    if (most > pieceBytes) {
      this.#close();
      const whole = Buffer.from(`${line}\n`);
      this.#full.push(whole);
      this.#bytes += whole.length;
      return;
    }
    if (this.#used + most > pieceBytes) this.#close();
    const piece = (this.#piece ??= Buffer.allocUnsafe(pieceBytes));
    const start = this.#used;
    this.#used += piece.write(line, start);
    piece[this.#used++] = lineFeed;
    this.#bytes += this.#used - start;
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

  #close(): void {
    if (this.#piece !== undefined) this.#full.push(this.#piece.subarray(0, this.#used));
    this.#piece = undefined;
    this.#used = 0;
  }
}
