import { createHash } from 'node:crypto';
import { type Inbound, ok, type Reply } from './exchange.ts';

const etagOf = (body: unknown): string =>
  `"${createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 27)}"`;

const isListed = (etag: string, ifNoneMatch: string): boolean =>
  ifNoneMatch.split(',').some((candidate) => ['*', etag].includes(candidate.trim().replace(/^W\//, '')));

/** 200 with a strong `ETag`, or 304 when `If-None-Match` has it (RFC 9110 13.1.2). Anyone may store it. */
export const cacheable = (inbound: Inbound, body: unknown, maxAgeSeconds: number): Reply => {
  const etag = etagOf(body);
  const headers = { etag, 'cache-control': `public, max-age=${maxAgeSeconds}` };
  const ifNoneMatch = inbound.headers['if-none-match'];
  if (ifNoneMatch !== undefined && isListed(etag, ifNoneMatch)) return { status: 304, headers };
  return ok(body, headers);
};
