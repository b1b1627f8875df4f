import { cacheControl, type Directives } from './cache-control.ts';
import { combined, type HeaderList, members } from './fields.ts';
import { type DictionaryValue, structuredDictionary } from './structured-dictionary.ts';

/** Response fields that speak to this cache before `Cache-Control` does, the first valid one alone (RFC 9213). */
const targets = ['cdn-cache-control'];

const numbers = [
  ['max-age', 'maxAge'],
  ['s-maxage', 'sMaxage'],
  ['stale-while-revalidate', 'staleWhileRevalidate'],
  ['stale-if-error', 'staleIfError'],
] as const;
const flags = [
  ['no-store', 'noStore'],
  ['must-revalidate', 'mustRevalidate'],
  ['proxy-revalidate', 'proxyRevalidate'],
  ['public', 'public'],
  ['immutable', 'immutable'],
  ['must-understand', 'mustUnderstand'],
] as const;
const narrowable = [
  ['no-cache', 'noCache'],
  ['private', 'private'],
] as const;

export interface ResponseDirectives {
  readonly directives: Directives;
  /** A targeted field decides: `Cache-Control` and `Expires` don't count (RFC 9213 section 2.2). */
  readonly targeted: boolean;
}

/** The directives of a response that are meant for this cache. */
export function responseDirectives(headers: HeaderList): ResponseDirectives {
  for (const target of targets) {
    const value = combined(headers, target);
    const dictionary = value === undefined ? undefined : structuredDictionary(value);
    if (dictionary?.size) return { directives: fromDictionary(dictionary), targeted: true };
  }
  return { directives: cacheControl(headers), targeted: false };
}

function fromDictionary(dictionary: ReadonlyMap<string, DictionaryValue>): Directives {
  const directives: Directives = {};
  for (const [name, property] of numbers) {
    const value = dictionary.get(name);
    if (value !== undefined) directives[property] = typeof value === 'number' && value >= 0 ? value : NaN;
  }
  for (const [name, property] of flags) {
    if (dictionary.get(name) === true) directives[property] = true;
  }
  for (const [name, property] of narrowable) {
    const value = dictionary.get(name);
    if (value !== undefined && value !== false) directives[property] = fieldNames(value);
  }
  return directives;
}

function fieldNames(value: DictionaryValue): true | readonly string[] {
  const names = typeof value === 'string' ? members(value.toLowerCase()) : [];
  return names.length === 0 ? true : names;
}
