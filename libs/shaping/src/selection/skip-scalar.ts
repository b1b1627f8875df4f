import { unusual } from './unusual.ts';

const words = ['null', 'true', 'false'].map((word) => Buffer.from(word));

/** Where the literal or the number that begins at `at` ends. */
export function skipScalar(bytes: Uint8Array, at: number): number {
  const byte = bytes[at] ?? 0;
  if (byte <= 0x39 /* 9 */) return skipNumber(bytes, at);
  for (const word of words) if (byte === word[0]) return skipWord(bytes, at, word);
  throw unusual;
}

function skipWord(bytes: Uint8Array, at: number, word: Uint8Array): number {
  for (let index = 1; index < word.length; index++) if (bytes[at + index] !== word[index]) throw unusual;
  return at + word.length;
}

function skipNumber(bytes: Uint8Array, at: number): number {
  if (bytes[at] === 0x2d /* - */) at++;
  at = bytes[at] === 0x30 /* 0 */ ? at + 1 : skipDigits(bytes, at);
  if (bytes[at] === 0x2e /* . */) at = skipDigits(bytes, at + 1);
  const byte = bytes[at] ?? 0;
  if ((byte | 0x20) !== 0x65 /* e */) return at;
  const sign = bytes[++at];
  return skipDigits(bytes, sign === 0x2b /* + */ || sign === 0x2d /* - */ ? at + 1 : at);
}

/** At least one. */
function skipDigits(bytes: Uint8Array, at: number): number {
  const start = at;
  let byte = bytes[at] ?? 0;
  while (byte >= 0x30 /* 0 */ && byte <= 0x39 /* 9 */) byte = bytes[++at] ?? 0;
  if (at === start) throw unusual;
  return at;
}
