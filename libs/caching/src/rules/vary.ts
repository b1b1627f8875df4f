import { combined, type HeaderList, members, valuesOf } from './fields.ts';

/** Fields whose members are names in any case, and whose order says nothing beside their weights. */
const unordered: ReadonlySet<string> = new Set(['accept-encoding', 'accept-language', 'accept-charset']);

/**
 * The request fields an answer was chosen by, in lower case, sorted; `*` when by more than that: then it is never
 * chosen again (RFC 9111 section 4.1).
 */
export function varyFields(headers: HeaderList): readonly string[] | '*' {
  const names = new Set<string>();
  for (const value of valuesOf(headers, 'vary')) {
    for (const name of members(value.toLowerCase())) {
      if (!/^[!#$%&'+.^_`|~0-9a-z-]+$/.test(name)) return '*';
      names.add(name);
    }
  }
  return [...names].sort();
}

/** What tells one variant from another: equal for requests that choose the same answer. */
export function variantOf(vary: readonly string[], headers: HeaderList): string {
  // A missing field is not an empty one.
  return vary.map((name) => normal(name, combined(headers, name)) ?? '\t').join('\n');
}

function normal(name: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (!unordered.has(name)) return withoutGaps(value);
  return members(value.toLowerCase().replace(/[ \t]*([;=])[ \t]*/g, '$1'))
    .sort()
    .join(',');
}

/** Whitespace around commas and at the ends says nothing, but for inside quotes. */
function withoutGaps(value: string): string {
  return value.trim().replace(/("(?:[^"\\]|\\.)*")|[ \t]*,[ \t]*/g, (_, quoted?: string) => quoted ?? ',');
}
