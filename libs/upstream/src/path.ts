import { GatewayError } from '@facet/errors';

/**
 * Builds an upstream path; each value becomes one encoded segment: path`/orders/${id}`.
 * Throws `invalid_input` for an empty value and for `.` and `..`, which no encoding protects.
 */
export function path(literals: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  let built = literals[0] ?? '';
  for (const [index, value] of values.entries())
    built += segment(String(value)) + (literals[index + 1] ?? '');
  return built;
}

function segment(value: string): string {
  if (value === '' || value === '.' || value === '..' || !value.isWellFormed()) {
    throw new GatewayError('invalid_input', {
      violations: [{ in: 'path', pointer: '', message: 'is not a usable path segment' }],
    });
  }
  return encodeURIComponent(value);
}

const slash = 0x2f;
const dotSegment = /\/\.{1,2}(?:[/?]|$)/;

/** Throws unless the path (RFC 9112, 3.2.1, origin-form) can only mean a place at the declared upstream. */
export function assertOriginForm(pathAndQuery: string): void {
  if (!isOriginForm(pathAndQuery)) throw new GatewayError('malformed_request');
}

/** One slash, then anything that is neither a second one, a backslash, a fragment, a control byte nor a space. */
function isOriginForm(text: string): boolean {
  if (text.charCodeAt(0) !== slash || text.charCodeAt(1) === slash) return false;
  for (let at = 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code >= 0x7f || code === 0x23 /* # */ || code === 0x5c /* \\ */) return false;
  }
  return true;
}

/** The same for paths a client lib writes, where a dot segment can only be an injected one. */
export function assertPlainPath(pathAndQuery: string): void {
  assertOriginForm(pathAndQuery);
  if (pathAndQuery.includes('/.') && dotSegment.test(pathAndQuery))
    throw new GatewayError('malformed_request');
}

export type QueryValue = string | number | boolean | undefined | readonly (string | number | boolean)[];

/** Most values need none of it, and finding that out costs a tenth. */
function encoded(text: string): string {
  for (let at = 0; at < text.length; at++) {
    if (!isUnreserved(text.charCodeAt(at))) return encodeURIComponent(text);
  }
  return text;
}

/** RFC 3986, 2.3. */
function isUnreserved(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) || // a-z
    (code >= 0x30 && code <= 0x39) || // 0-9
    (code >= 0x41 && code <= 0x5a) || // A-Z
    code === 0x5f || // _
    code === 0x2e || // .
    code === 0x2d || // -
    code === 0x7e // ~
  );
}

/** `?a=1&b=2` with undefined members left out; empty when nothing is left. */
export function queryString(query: Readonly<Record<string, QueryValue>> | undefined): string {
  if (query === undefined) return '';
  let built = '';
  for (const key in query) {
    const value = query[key];
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) {
      built += `${built === '' ? '?' : '&'}${encoded(key)}=${encoded(String(one))}`;
    }
  }
  return built;
}
