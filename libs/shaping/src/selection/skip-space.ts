/*
 * Bytes of JSON are written as numbers, the character beside them, wherever they are looked at one by one: a constant
 * of another file is looked up at every use, which took half as long again. Past the end every byte counts as 0, which
 * JSON has nowhere, so that nothing has to ask for the length.
 */

/** Where the first byte stands, from `at` on, that is no space. */
export function skipSpace(bytes: Uint8Array, at: number): number {
  let byte = bytes[at] ?? 0;
  if (byte > 0x20) return at;
  while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++at] ?? 0;
  return at;
}
