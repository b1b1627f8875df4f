/**
 * A few header fields by name, in whatever case the name comes. Most names of most messages are passed over by their
 * length; those that are left are compared as they are: a name in lower case would be a new string for each.
 */
export class FieldMap<T> {
  readonly #byLength: (readonly [name: string, value: T])[][] = [];

  /** @param entries names in lower case */
  constructor(entries: Iterable<readonly [name: string, value: T]>) {
    for (const entry of entries) {
      const { length } = entry[0];
      while (this.#byLength.length <= length) this.#byLength.push([]);
      this.#byLength[length]?.push(entry);
    }
  }

  get(name: string): T | undefined {
    const { length } = name;
    if (length >= this.#byLength.length) return undefined;
    for (const [lower, value] of this.#byLength[length] ?? []) if (isSame(name, lower)) return value;
    return undefined;
  }
}

const upperA = 0x41;
const upperZ = 0x5a;
const caseBit = 0x20;

/** Of the same length. */
function isSame(name: string, lower: string): boolean {
  if (name === lower) return true;
  for (let at = 0; at < lower.length; at++) {
    const code = name.charCodeAt(at);
    if ((code >= upperA && code <= upperZ ? code | caseBit : code) !== lower.charCodeAt(at)) return false;
  }
  return true;
}
