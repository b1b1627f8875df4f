/** Bytes from `first` up to and including `last`. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * The one range a `Range` field asks for of `length` bytes (RFC 9110 section 14.1.2).
 * @returns undefined when the field is to be ignored (another unit, several ranges, nonsense): send it all
 */
export function byteRange(value: string, length: number): ByteRange | 'unsatisfiable' | undefined {
  const match = /^\s*bytes=\s*(\d*)-(\d*)\s*$/i.exec(value);
  if (!match) return undefined;
  const [, from = '', to = ''] = match;
  if (from === '') {
    if (to === '') return undefined;
    const count = Math.min(Number(to), length);
    return count === 0 ? 'unsatisfiable' : { first: length - count, last: length - 1 };
  }
  const first = Number(from);
  if (to !== '' && Number(to) < first) return undefined;
  if (first >= length) return 'unsatisfiable';
  return { first, last: to === '' ? length - 1 : Math.min(Number(to), length - 1) };
}
