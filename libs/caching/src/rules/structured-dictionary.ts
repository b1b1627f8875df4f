/** A member's value as far as cache directives need it: lists, decimals, tokens and the like are `other`. */
export type DictionaryValue = number | boolean | string | typeof other;
export const other = Symbol('a value of another type');

const key = /[a-z*][a-z0-9_.*-]*/y;
const items: readonly (readonly [RegExp, (text: string) => DictionaryValue])[] = [
  [/-?\d{1,12}\.\d{1,3}/y, () => other],
  [/-?\d{1,15}(?![\d.])/y, Number],
  [/"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"/y, (text) => text.slice(1, -1).replace(/\\(.)/g, '$1')],
  [/\?[01]/y, (text) => text === '?1'],
  [/[A-Za-z*][!#$%&'*+.^_`|~0-9A-Za-z:/-]*/y, () => other],
  [/:[A-Za-z0-9+/=]*:/y, () => other],
  [/@-?\d{1,15}/y, () => other],
];

/**
 * Parses a Dictionary of Structured Fields (RFC 9651 section 4.2.2). Parameters and inner lists are checked and
 * dropped. Undefined when the value is none: then the whole field counts as absent.
 */
export function structuredDictionary(value: string): Map<string, DictionaryValue> | undefined {
  return new DictionaryReader(value.trim()).dictionary();
}

class DictionaryReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  dictionary(): Map<string, DictionaryValue> | undefined {
    const result = new Map<string, DictionaryValue>();
    while (this.#at < this.#text.length) {
      const name = this.#take(key);
      if (name === undefined) return undefined;
      const value = this.#take(/=/y) ? this.#member() : true;
      if (value === undefined || !this.#parameters()) return undefined;
      result.set(name, value);
      if (this.#at === this.#text.length) break;
      // A comma must be followed by one more member.
      if (!this.#take(/[ \t]*,[ \t]*(?=.)/y)) return undefined;
    }
    return result;
  }

  #member(): DictionaryValue | undefined {
    return this.#take(/\(/y) ? this.#innerList() : this.#item();
  }

  #innerList(): DictionaryValue | undefined {
    for (;;) {
      this.#take(/ +/y);
      if (this.#take(/\)/y)) return other;
      if (this.#item() === undefined || !this.#parameters()) return undefined;
      if (!this.#peek(/[ )]/y)) return undefined;
    }
  }

  #item(): DictionaryValue | undefined {
    for (const [pattern, read] of items) {
      const text = this.#take(pattern);
      if (text !== undefined) return read(text);
    }
    return undefined;
  }

  #parameters(): boolean {
    while (this.#take(/; */y)) {
      if (this.#take(key) === undefined) return false;
      if (this.#take(/=/y) && this.#item() === undefined) return false;
    }
    return true;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#text)?.[0];
    if (text !== undefined) this.#at += text.length;
    return text;
  }

  #peek(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    return pattern.test(this.#text);
  }
}
