const empty = Buffer.alloc(0);

/** The pieces of a body as one; a single one as it is. */
export function wholeBody(pieces: readonly Buffer[], bytes: number): Buffer {
  return pieces.length > 1 ? Buffer.concat(pieces, bytes) : (pieces[0] ?? empty);
}
