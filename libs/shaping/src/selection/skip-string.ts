import { unusual } from './unusual.ts';

/** 1 for the bytes of a string that mean themselves, those of UTF-8 sequences among them. */
const plain = new Uint8Array(256).fill(1);
plain.fill(0, 0, 0x20 /* space */);
plain[0x22 /* " */] = 0;
plain[0x5c /* \ */] = 0;

/** Where the string that begins with the quote at `at` ends, its closing quote included. */
export function skipString(bytes: Uint8Array, at: number): number {
  at++;
  for (;;) {
    while (plain[bytes[at] ?? 0] === 1) at++;
    const byte = bytes[at++];
    if (byte === 0x22 /* " */) return at;
    if (byte !== 0x5c /* \ */) throw unusual;
    at = skipEscape(bytes, at);
  }
}

/** Where the plain bytes that begin at `at` end: at a quote, an escape or what may not be in a string. */
export function skipPlain(bytes: Uint8Array, at: number): number {
  while (plain[bytes[at] ?? 0] === 1) at++;
  return at;
}

function skipEscape(bytes: Uint8Array, at: number): number {
  const byte = bytes[at++];
  switch (byte) {
    case 0x22 /* " */:
    case 0x5c /* \ */:
    case 0x2f /* slash */:
    case 0x62 /* b */:
    case 0x66 /* f */:
    case 0x6e /* n */:
    case 0x72 /* r */:
    case 0x74 /* t */:
      return at;
    case 0x75 /* u */:
      for (let digits = 0; digits < 4; digits++) if (!isHexDigit(bytes[at++] ?? 0)) throw unusual;
      return at;
    default:
      throw unusual;
  }
}

function isHexDigit(byte: number): boolean {
  return (
    (byte >= 0x30 /* 0 */ && byte <= 0x39) /* 9 */ ||
    ((byte | 0x20) >= 0x61 /* a */ && (byte | 0x20) <= 0x66) /* f */
  );
}
