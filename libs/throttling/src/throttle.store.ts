import { remainingRequests, untilNextUs } from './buckets/bucket.ts';
import { type Limit } from './limit.ts';

/** One request asking one limit: whose bucket, by key. */
export interface Claim {
  readonly limit: Limit;
  /** Who is counted: a subject, an address. Unique within the limit; kept as a hash or in Redis, so never a secret. */
  readonly key: string;
}

/** How one limit stands after the decision. */
export interface LimitState {
  readonly limit: Limit;
  /** This limit had no room for the request. */
  readonly refused: boolean;
  /** Whole requests left; at 0 the next one now is refused. */
  readonly remaining: number;
  /** Until one more request fits, ms, rounded up; 0 when the bucket is full. */
  readonly resetMs: number;
}

/** The decision on one request: admitted by every limit or by none. */
export interface Verdict {
  readonly admitted: boolean;
  /** When a retry may succeed, ms; 0 when admitted. */
  readonly retryAfterMs: number;
  /** In the order of the claims. A limit that could not be asked and lets pass has none. */
  readonly states: readonly LimitState[];
}

/**
 * Where buckets live. The class is the injection token. Memory answers with a plain value, so that the request path
 * stays synchronous; Redis with a promise. It never rejects: a store that is away decides by each limit's
 * `onStoreFailure`. Claims of one call have different limits or keys.
 */
export abstract class ThrottleStore {
  /** Takes one request from every bucket at once, or from none when one has no room. */
  abstract take(claims: readonly Claim[]): Verdict | Promise<Verdict>;
  /** What `take` would answer now, taking nothing. */
  abstract peek(claims: readonly Claim[]): Verdict | Promise<Verdict>;
}

/**
 * Words the numbers of an engine as a verdict: one function for all engines, so that equal buckets answer equally.
 * @param rooms free units per claim, after the request when it was admitted
 */
export function verdictOf(claims: readonly Claim[], admitted: boolean, rooms: ArrayLike<number>): Verdict {
  let retryAfterMs = 0;
  const states: LimitState[] = [];
  for (let index = 0; index < claims.length; index++) {
    const { limit } = claims[index] as Claim;
    const room = rooms[index] ?? 0;
    const resetMs = Math.ceil(untilNextUs(limit.rate, room) / 1000);
    const refused = !admitted && room < limit.rate.cost;
    if (refused && resetMs > retryAfterMs) retryAfterMs = resetMs;
    states.push({ limit, refused, remaining: remainingRequests(limit.rate, room), resetMs });
  }
  return { admitted, retryAfterMs, states };
}
