import { type HeaderList, valuesOf } from './fields.ts';

/** Methods that change nothing; an unknown one may (RFC 9110 section 9.2.1, and the method registry). */
const safe: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'REPORT',
  'SEARCH',
  'QUERY',
]);

/**
 * The URIs that may have changed once a request was answered: its own, and those of the same origin that the answer
 * names in `Location` and `Content-Location` (RFC 9111 section 4.4). None after a safe method or an error.
 */
export function invalidatedUris(
  method: string,
  origin: string,
  path: string,
  { status, headers }: { readonly status: number; readonly headers: HeaderList },
): string[] {
  if (safe.has(method) || status < 200 || status >= 400) return [];
  const uri = origin + path;
  const named = [...valuesOf(headers, 'location'), ...valuesOf(headers, 'content-location')];
  return [uri, ...named.flatMap((reference) => sameOrigin(reference, uri, origin))];
}

function sameOrigin(reference: string, base: string, origin: string): string[] {
  const target = URL.parse(reference, base);
  return target?.origin === URL.parse(origin)?.origin && target
    ? [origin + target.pathname + target.search]
    : [];
}
