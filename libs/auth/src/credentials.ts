import { FieldMap } from '@facet/context';

const carriers = new FieldMap([
  ['authorization', true],
  ['x-api-key', true],
]);

/**
 * How many fields of the request carry a credential. Counted on the raw list: Node's parsed headers keep the first of
 * two `Authorization` fields in silence.
 */
export function credentialCount(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (carriers.get(rawHeaders[i] ?? '')) count++;
  }
  return count;
}

/** Whether the query has a parameter `access_token` (RFC 6750, section 2.3), percent-encoded or not. */
export function hasTokenInUrl(url: string): boolean {
  const start = url.indexOf('?');
  if (start === -1) return false;
  if (!url.includes('access_token', start) && !url.includes('%', start)) return false;
  return new URLSearchParams(url.slice(start)).has('access_token');
}
