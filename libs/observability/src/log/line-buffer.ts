/** A hundred lines; what comes in while one is being written gets the next. */
const pieceBytes = 64 * 1024;
/** Pieces kept for the next lines: one is being filled while another is written. */
const mostSpare = 4;
/** So many lines are encoded together: the call out of compiled code is dearer than encoding one. */
const linesTogether = 16;

/**
 * Lines as bytes, encoded nearly as they come: text kept until it is written would be thousands of small strings, and
 * every collection in between would copy them.
 */
export class LineBuffer {
  #full: Buffer[] = [];
  #piece: Buffer | undefined;
  readonly #spare: Buffer[] = [];
  #used = 0;
  #bytes = 0;
  #lines = 0;
  /** The last few, not encoded yet. */
  #text = '';
  #textLines = 0;

  get lines(): number {
    return this.#lines;
  }

  /** Of the last few lines the characters. */
  get bytes(): number {
    return this.#bytes + this.#text.length;
  }

  /** @param line without its end */
  add(line: string): void {
    this.#lines++;
    this.#text += `${line}\n`;
    if (++this.#textLines >= linesTogether) this.#encode();
  }

  /** All of them, which are then no longer here. */
  take(): Buffer[] {
    this.#encode();
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

  #encode(): void {
    const text = this.#text;
    this.#text = '';
    this.#textLines = 0;
    // At most three bytes for each unit of UTF-16.
    const most = text.length * 3;
    if (most > pieceBytes) {
      this.#close();
      const whole = Buffer.from(text);
      this.#full.push(whole);
      this.#bytes += whole.length;
      return;
    }
    if (this.#used + most > pieceBytes) this.#close();
    const piece = (this.#piece ??= this.#spare.pop() ?? Buffer.allocUnsafeSlow(pieceBytes));
    const written = piece.write(text, this.#used);
    this.#used += written;
    this.#bytes += written;
  }

  #close(): void {
    if (this.#used > 0 && this.#piece !== undefined) this.#full.push(this.#piece.subarray(0, this.#used));
    this.#piece = undefined;
    this.#used = 0;
  }
}
