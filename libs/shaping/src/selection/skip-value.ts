import { skipScalar } from './skip-scalar.ts';
import { skipSpace } from './skip-space.ts';
import { skipString } from './skip-string.ts';
import { unusual } from './unusual.ts';

/** The containers a value is in are kept as bits, the innermost lowest, under a bit that marks the bottom. */
const BOTTOM = 1;
const IN_OBJECT = 1;
const FULL = 1 << 29;

/**
 * Where the value that begins at `at`, or after the space there, ends. All of it is checked against the grammar of JSON
 * (RFC 8259); nothing is made of it.
 * @throws unusual also where it is nested more than 29 deep
 */
export function skipValue(bytes: Uint8Array, at: number): number {
  let within = BOTTOM;
  for (;;) {
    at = skipSpace(bytes, at);
    const byte = bytes[at] ?? 0;
    if (byte === 0x22 /* " */) at = skipString(bytes, at);
    else if (byte === 0x7b /* { */) {
      at = skipSpace(bytes, at + 1);
      if (bytes[at] === 0x7d /* } */) at++;
      else {
        if (within >= FULL) throw unusual;
        within = (within << 1) | IN_OBJECT;
        at = skipName(bytes, at);
        continue;
      }
    } else if (byte === 0x5b /* [ */) {
      at = skipSpace(bytes, at + 1);
      if (bytes[at] === 0x5d /* ] */) at++;
      else {
        if (within >= FULL) throw unusual;
        within <<= 1;
        continue;
      }
    } else at = skipScalar(bytes, at);
    // After a value: the next one of its container, or the end of it and of those that end with it.
    for (;;) {
      if (within === BOTTOM) return at;
      at = skipSpace(bytes, at);
      const byte = bytes[at++];
      if (byte === 0x2c /* , */) {
        if (within & IN_OBJECT) at = skipName(bytes, skipSpace(bytes, at));
        break;
      }
      if (byte !== (within & IN_OBJECT ? 0x7d /* } */ : 0x5d) /* ] */) throw unusual;
      within >>= 1;
    }
  }
}

/** Where the value after the member's name at `at` begins: behind the colon. */
function skipName(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== 0x22 /* " */) throw unusual;
  at = skipSpace(bytes, skipString(bytes, at));
  if (bytes[at] !== 0x3a /* : */) throw unusual;
  return at + 1;
}
