import { type Directives } from './cache-control.ts';
import { type HeaderField, type HeaderList, members, valuesOf, without } from './fields.ts';

/** Fields of one connection or one hop (RFC 9111 section 3.1), and such as are made anew for each answer. */
const notStored: readonly string[] = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'age',
  // How much one caller had left is nobody else's business.
  'ratelimit',
  'ratelimit-policy',
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
];

/** Describe the stored body, which a 304 does not bring (RFC 9111 section 3.2). */
const notUpdated: readonly string[] = ['content-length', 'content-encoding', 'content-range', 'set-cookie'];

/** The fields of an answer that are stored: not those that `Connection`, `no-cache="..."` or `private="..."` name. */
export function storedFields(headers: HeaderList, directives: Directives): HeaderField[] {
  const left = new Set(notStored);
  for (const value of valuesOf(headers, 'connection')) {
    for (const name of members(value)) left.add(name.toLowerCase());
  }
  for (const names of [directives.noCache, directives.private]) {
    if (names !== undefined && names !== true) for (const name of names) left.add(name);
  }
  return without(headers, left);
}

/**
 * The stored fields once a 304 has spoken (RFC 9111 section 4.3.4): what it names replaces every line of that name.
 * Its `Age` comes along, for the new age to be reckoned by.
 */
export function updatedFields(stored: HeaderList, notModified: HeaderList): HeaderField[] {
  const news = without(storedFields(notModified, {}), new Set(notUpdated));
  // A 304 without Date counts as dated by its arrival, not by that of the answer it confirms.
  const replaced = new Set(['date', ...news.map(([name]) => name.toLowerCase())]);
  const age = valuesOf(notModified, 'age').map((value): HeaderField => ['Age', value]);
  return [...without(stored, replaced), ...news, ...age];
}
