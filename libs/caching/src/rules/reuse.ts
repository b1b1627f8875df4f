import { type StoredHead } from '../stored-response.ts';
import { type RequestWishes } from './request-wishes.ts';

/**
 * What may be done with a stored answer now (RFC 9111 section 4.2): `fresh` and `stale` are sent as they are,
 * `refresh` too, while the origin is asked in the background, `ask` waits for the origin.
 */
export type Reuse = 'fresh' | 'stale' | 'refresh' | 'ask';

export function reuse(stored: StoredHead, wishes: RequestWishes, nowMs: number): Reuse {
  if (stored.alwaysRevalidate || wishes.noCache) return 'ask';
  if (nowMs < stored.freshUntilMs) return freshEnough(stored, wishes, nowMs) ? 'fresh' : 'ask';
  const staleForMs = nowMs - stored.freshUntilMs;
  if (wishes.maxStaleMs !== undefined && !stored.neverStale && staleForMs <= wishes.maxStaleMs)
    return 'stale';
  if (wishes.maxAgeMs !== undefined || wishes.minFreshMs !== undefined) return 'ask';
  return nowMs < stored.staleWhileRevalidateUntilMs ? 'refresh' : 'ask';
}

function freshEnough(stored: StoredHead, wishes: RequestWishes, nowMs: number): boolean {
  // A reload is no reason to doubt what never changes (RFC 8246 section 2); `no-cache` is.
  if (stored.immutable) return true;
  if (wishes.maxAgeMs !== undefined && nowMs - stored.bornAtMs >= wishes.maxAgeMs) return false;
  return wishes.minFreshMs === undefined || stored.freshUntilMs - nowMs >= wishes.minFreshMs;
}
