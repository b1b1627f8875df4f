const firstBytes = 4096;
const zero = 0x30;

/**
 * A line being written, as UTF-8, into memory that is used again for the next one. What lines have in common is put in
 * as bytes made before: copying a hundred of them costs less than a text of ten characters, and a string put together
 * of twenty is one that somebody else has to flatten.
 */
export class LineBytes {
  #bytes = Buffer.allocUnsafeSlow(firstBytes);
  #length = 0;

  clear(): void {
    this.#length = 0;
  }

  /** All that was put in since `clear`; to be read at once: the next line is written over it. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  bytes(bytes: Uint8Array): void {
    this.#fit(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** @param text characters of ASCII only */
  ascii(text: string): void {
    this.#fit(text.length);
    this.#length += this.#bytes.write(text, this.#length, 'latin1');
  }

  text(text: string): void {
    // At most three bytes for each unit of UTF-16.
    this.#fit(text.length * 3);
    this.#length += this.#bytes.write(text, this.#length);
  }

  /** @param ms rounded to hundredths; written without zeros that say nothing: `12`, `0.5` is `0.50` */
  hundredths(ms: number): void {
    const hundredths = Math.round(ms * 100);
    const rest = hundredths % 100;
    this.integer((hundredths - rest) / 100);
    if (rest === 0) return;
    this.#fit(3);
    this.#bytes[this.#length++] = 0x2e; // .
    this.#bytes[this.#length++] = zero + (rest - (rest % 10)) / 10;
    this.#bytes[this.#length++] = zero + (rest % 10);
  }

  /** @param value whole, from 0 to 2^53 */
  integer(value: number): void {
    if (value < 10) {
      this.#fit(1);
      this.#bytes[this.#length++] = zero + value;
    } else this.ascii(String(value));
  }

  #fit(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * (this.#length + more));
    larger.set(this.written);
    this.#bytes = larger;
  }
}
