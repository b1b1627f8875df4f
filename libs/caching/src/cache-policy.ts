import { type Principal } from '@facet/context';

/** Who may share one answer. There is no default: it has to be said. */
export type CacheIdentity = 'public' | 'perTier' | 'perSubject';

/** How answers of a route or an upstream call are cached. GET and HEAD only, whatever it says. */
export interface CachePolicy {
  readonly identity: CacheIdentity;
  /**
   * Fresh for so long from arrival, in place of what the origin says of freshness, for answers with status 200, 203,
   * 204, 300, 301 or 308. Absent: the origin's headers alone decide. It never overrides the origin's `no-store`,
   * `private`, `no-cache`, `must-understand` or `Vary: *`, nor the rule on `Authorization`.
   */
  readonly ttlMs?: number;
  /** In place of the origin's `stale-while-revalidate`; not after `must-revalidate`, `proxy-revalidate`, `no-cache`. */
  readonly staleWhileRevalidateMs?: number;
  /** In place of the origin's `stale-if-error`; the same exceptions. */
  readonly staleIfErrorMs?: number;
  /** Names to purge by. */
  readonly tags?: readonly string[];
  /** Answers with `Set-Cookie` are stored, cookies included. Default false: they are not stored. */
  readonly storeSetCookie?: boolean;
  /** Whether `Cache-Control` and `Pragma` of clients are heard (RFC 9111 leaves it open). Default `honour`. */
  readonly clientDirectives?: 'honour' | 'ignore';
}

/**
 * The part of the cache key that keeps callers apart. Under `perSubject` scopes and roles are part of it: two tokens
 * of one subject may see different things.
 * @returns undefined when the policy wants a subject and the caller has none: the request then bypasses the cache
 */
export function identityKey(identity: CacheIdentity, principal: Principal): string | undefined {
  if (identity === 'public') return '';
  if (identity === 'perTier') return principal.tier;
  const { subject, tier, scopes, roles } = principal;
  return subject === '' ? undefined : JSON.stringify([subject, tier, scopes, roles]);
}
