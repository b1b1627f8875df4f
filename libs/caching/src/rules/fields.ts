/** One header field line as it came. */
export type HeaderField = readonly [name: string, value: string];
/** Field lines in their order; names in any case. */
export type HeaderList = readonly HeaderField[];

/** Every value of one field, a line each. @param name in lower case */
export function valuesOf(headers: HeaderList, name: string): string[] {
  const values: string[] = [];
  for (const [field, value] of headers) if (isField(field, name)) values.push(value);
  return values;
}

/** The lines of one field as one value (RFC 9110 section 5.3); undefined when absent. @param name in lower case */
export function combined(headers: HeaderList, name: string): string | undefined {
  const values = valuesOf(headers, name);
  return values.length === 0 ? undefined : values.join(', ');
}

/** `Content-Length`; undefined when absent or no number. */
export function declaredBytes(headers: HeaderList): number | undefined {
  const value = combined(headers, 'content-length');
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
}

/** The fields whose lower-case name is not in `names`. */
export function without(headers: HeaderList, names: ReadonlySet<string>): HeaderField[] {
  return headers.filter(([name]) => !names.has(name.toLowerCase()));
}

/** The members of a comma-separated list, trimmed, empty ones left out. */
export function members(value: string): string[] {
  return value
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '');
}

function isField(field: string, name: string): boolean {
  return field.length === name.length && field.toLowerCase() === name;
}
