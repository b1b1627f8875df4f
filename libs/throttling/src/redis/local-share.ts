import { Limit } from '../limit.ts';
import { type MemoryThrottleStore } from '../memory/memory-throttle.store.ts';
import { type Claim, type LimitState, type Verdict } from '../throttle.store.ts';
import { type Debts } from './debts.ts';

/** What a caller waits whose limit may not be decided locally. */
const closedRetryMs = 1000;

export interface LocalShareParts {
  /** Buckets of this process: its answers are plain values. */
  readonly memory: MemoryThrottleStore;
  /** Live instances that share a limit. */
  readonly instances: () => number;
  readonly debts: Debts;
}

/**
 * Decides while the shared store is away, each limit as it says: `local` at its share, the limit and burst divided by
 * the live instances; `open` lets pass, and tells no numbers; `closed` refuses. A caller this instance has seen goes on
 * with a share of what the shared bucket had left, so that a hiccup of the store gives nothing away; only of callers it
 * has not seen may an outage admit more than the shared bucket would have: at most one burst, over all instances.
 */
export class LocalShare {
  readonly debts: Debts;
  readonly #parts: LocalShareParts;
  readonly #shares = new WeakMap<Limit, { readonly instances: number; readonly limit: Limit }>();

  constructor(parts: LocalShareParts) {
    this.#parts = parts;
    this.debts = parts.debts;
  }

  take(claims: readonly Claim[]): Verdict {
    const verdict = this.takeUnowed(claims);
    if (verdict.admitted) this.owe(claims);
    return verdict;
  }

  /** Takes for a request of which it will be known later whether the shared bucket has counted it. */
  takeUnowed(claims: readonly Claim[]): Verdict {
    return this.#decide(claims, (own) => this.#parts.memory.take(own));
  }

  owe(claims: readonly Claim[]): void {
    for (const claim of claims) this.debts.owe(claim);
  }

  peek(claims: readonly Claim[]): Verdict {
    return this.#decide(claims, (own) => this.#parts.memory.peek(own));
  }

  /** @param rooms free units of the shared buckets, told just now */
  learn(claims: readonly Claim[], rooms: readonly number[]): void {
    const instances = this.#parts.instances();
    for (let index = 0; index < claims.length; index++) {
      const { limit, key } = claims[index] as Claim;
      if (limit.onStoreFailure !== 'local') continue;
      const share = this.#shareOf(limit);
      const room = Math.floor(((rooms[index] ?? 0) / limit.rate.cost / instances) * share.rate.cost);
      this.#parts.memory.put({ limit: share, key }, Math.min(room, share.rate.capacity));
    }
  }

  #decide(claims: readonly Claim[], ask: (own: readonly Claim[]) => Verdict): Verdict {
    const closed = claims.filter(({ limit }) => limit.onStoreFailure === 'closed');
    if (closed.length > 0) return refusal(closed);
    const local = claims.filter(({ limit }) => limit.onStoreFailure === 'local');
    const verdict = ask(local.map(({ limit, key }) => ({ limit: this.#shareOf(limit), key })));
    const states = verdict.states.map((state, index): LimitState => ({
      ...state,
      // The caller is told its own limit, not an instance's share of it.
      limit: local[index]?.limit ?? state.limit,
    }));
    return { ...verdict, states };
  }

  #shareOf(limit: Limit): Limit {
    const instances = this.#parts.instances();
    if (instances === 1) return limit;
    const known = this.#shares.get(limit);
    if (known?.instances === instances) return known.limit;
    const share = shareOf(limit, instances);
    this.#shares.set(limit, { instances, limit: share });
    return share;
  }
}

/** The rate is divided exactly, by a longer window; of the burst whole requests are left, at least one. */
function shareOf(limit: Limit, instances: number): Limit {
  return new Limit(
    {
      name: limit.name,
      limit: limit.limit,
      windowMs: limit.windowMs * instances,
      burst: Math.max(1, Math.floor(limit.burst / instances)),
      algorithm: limit.algorithm,
    },
    `share of ${limit.id}`,
  );
}

function refusal(closed: readonly Claim[]): Verdict {
  return {
    admitted: false,
    retryAfterMs: closedRetryMs,
    states: closed.map(({ limit }) => ({ limit, refused: true, remaining: 0, resetMs: closedRetryMs })),
  };
}
