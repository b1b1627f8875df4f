/** RFC 9110, 5.6.2. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Names met before, so that each is checked and folded once. Bounded: names come from strangers. */
const known = new Map<string, string>();
const mostKnown = 1_000;

/** A field name in lower case; undefined for what is no name. */
export function lowerFieldName(name: string): string | undefined {
  const lower = known.get(name);
  if (lower !== undefined) return lower;
  if (!token.test(name)) return undefined;
  const folded = name.toLowerCase();
  if (known.size < mostKnown) known.set(name, folded);
  return folded;
}
