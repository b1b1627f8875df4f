import { type CachePolicy } from '@facet/caching';

const hourMs = 3_600_000;

/**
 * The catalog is the same for everybody: kept for an hour, renewed behind the reader's back for five minutes more, and
 * good for a day while the catalog can't be asked. `POST /cache/purge` with the tag ends it early.
 */
export const catalogCache: CachePolicy = {
  identity: 'public',
  ttlMs: hourMs,
  staleWhileRevalidateMs: 300_000,
  staleIfErrorMs: 24 * hourMs,
  tags: ['catalog'],
};
