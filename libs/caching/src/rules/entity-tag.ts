/** Compares two entity tags weakly: the mark of weakness does not count (RFC 9110 section 8.8.3.2). */
export function weaklyEqual(one: string, another: string): boolean {
  return opaque(one) === opaque(another);
}

/** Equal and both strong (RFC 9110 section 8.8.3.2). */
export function stronglyEqual(one: string, another: string): boolean {
  return one === another && !isWeak(one);
}

export function isWeak(tag: string): boolean {
  return tag.startsWith('W/');
}

/** The tags of an `If-None-Match` or `If-Match`, as written. */
export function entityTags(value: string): string[] {
  return value.match(/(?:W\/)?"[^"]*"|[^\s,]+/g) ?? [];
}

function opaque(tag: string): string {
  return isWeak(tag) ? tag.slice(2) : tag;
}
