import { randomFillSync } from 'node:crypto';

/**
 * HalfSipHash-1-3 over UTF-16 code units (Aumasson and Bernstein: the keyed hash for tables). Keyed with a secret of
 * this process, so that no caller can choose keys that collide or crowd one chain; its 64 bits are wide enough to
 * stand for the key itself: among 1,000,000 keys two share a bucket with probability 3e-8.
 */
export class KeyHash {
  readonly #secret = randomFillSync(new Int32Array(2));
  #v0 = 0;
  #v1 = 0;
  #v2 = 0;
  #v3 = 0;
  /** The two words of the last digest: kept here, so that hashing allocates nothing. */
  low = 0;
  high = 0;

  /** @param space texts of different spaces never meet */
  digest(text: string, space: number): void {
    const secret0 = this.#secret[0] ?? 0;
    const secret1 = this.#secret[1] ?? 0;
    this.#v0 = secret0;
    this.#v1 = secret1 ^ 0xee;
    this.#v2 = 0x6c796765 ^ secret0;
    this.#v3 = 0x74656462 ^ secret1;
    this.#absorb(space);
    const even = text.length & ~1;
    for (let at = 0; at < even; at += 2) {
      this.#absorb(text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16));
    }
    // The length is part of the last word: "a" and "a\0" differ.
    this.#absorb((text.length << 25) | (even === text.length ? 0 : text.charCodeAt(even)));
    this.#v2 ^= 0xee;
    this.low = this.#finish();
    this.#v1 ^= 0xdd;
    this.high = this.#finish();
  }

  #absorb(word: number): void {
    this.#v3 ^= word;
    this.#round();
    this.#v0 ^= word;
  }

  #finish(): number {
    this.#round();
    this.#round();
    this.#round();
    return this.#v1 ^ this.#v3;
  }

  #round(): void {
    let v0 = (this.#v0 + this.#v1) | 0;
    let v1 = rotate(this.#v1, 5) ^ v0;
    v0 = rotate(v0, 16);
    let v2 = (this.#v2 + this.#v3) | 0;
    let v3 = rotate(this.#v3, 8) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = rotate(v3, 7) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = rotate(v1, 13) ^ v2;
    this.#v0 = v0;
    this.#v1 = v1;
    this.#v2 = rotate(v2, 16);
    this.#v3 = v3;
  }
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
