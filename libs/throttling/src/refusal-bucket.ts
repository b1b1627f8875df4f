import { clientKey } from './client-key.ts';
import { Limit } from './limit.ts';
import { type MemoryThrottleStore } from './memory/memory-throttle.store.ts';
import { type Claim } from './throttle.store.ts';

export interface RefusalNumbers {
  readonly limit: number;
  readonly windowMs: number;
  readonly burst: number;
}

/** Default: 100 refusals a second, 6,000 at once: far above any honest client, far below what fills a core. */
export const defaultRefusals: RefusalNumbers = { limit: 6_000, windowMs: 60_000, burst: 6_000 };

/** Malformed, unauthenticated, forbidden: what costs parsing or a signature and earns nothing. */
const countedStatuses = new Set([400, 401, 403]);

/**
 * A coarse bucket per address that counts refusals only, so that an address may send any number of good requests.
 * Once it is empty, requests of that address are turned away before their body is read, until it refills; being turned
 * away is not counted, and neither is 429, which has its own limits. IPv6 by /64. Kept in this process on purpose: it
 * protects this process, and must cost nothing.
 */
export class RefusalBucket {
  /** In metrics. */
  readonly name = 'refusals';
  readonly #store: MemoryThrottleStore;
  readonly #limit: Limit;

  constructor(store: MemoryThrottleStore, numbers: RefusalNumbers = defaultRefusals) {
    this.#store = store;
    this.#limit = new Limit({ name: this.name, ...numbers }, 'address');
  }

  /** How long this address is turned away, ms; 0 when it is welcome or not known. */
  waitMs(address: string | undefined): number {
    return address === undefined ? 0 : this.#store.waitMs(this.#claim(address));
  }

  /** Counts an answer when it was a refusal. */
  answered(address: string | undefined, status: number): void {
    if (address !== undefined && countedStatuses.has(status)) this.#store.take([this.#claim(address)]);
  }

  #claim(address: string): Claim {
    return { limit: this.#limit, key: clientKey(address) };
  }
}
