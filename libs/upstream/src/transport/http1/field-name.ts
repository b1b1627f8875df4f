/** RFC 9110, 5.6.2. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Fields that mean one thing only: two of them mean two things, and somebody would choose the wrong one. */
const singular = ['content-length', 'content-type', 'location', 'transfer-encoding', 'retry-after', 'etag'];

/** A name that was looked at: what it is in lower case, and a bit of its own if it may stand once only, else 0. */
export interface FieldName {
  /** As it was written. */
  readonly text: string;
  readonly lower: string;
  readonly singularBit: number;
}

/** Names met before, so that each is checked and folded once. Bounded: names come from strangers. */
const known = new Map<string, FieldName>();
const mostKnown = 1_000;

/** undefined: that is no name. */
export function fieldName(name: string): FieldName | undefined {
  const met = known.get(name);
  if (met !== undefined) return met;
  if (!token.test(name)) return undefined;
  // A copy: what was cut out of a head keeps all of it in memory.
  const text = Buffer.from(name, 'latin1').toString('latin1');
  const lower = text.toLowerCase();
  const place = singular.indexOf(lower);
  const field = { text, lower, singularBit: place === -1 ? 0 : 1 << place };
  // Forgotten all at once: the names everybody sends are soon back, those of one stranger would stay in their place.
  if (known.size >= mostKnown) known.clear();
  known.set(text, field);
  return field;
}
