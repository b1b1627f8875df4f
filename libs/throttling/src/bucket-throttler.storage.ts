import { type ThrottlerStorage } from '@nestjs/throttler';
import { type ThrottlerStorageRecord } from '@nestjs/throttler/dist/throttler-storage-record.interface.js';
import { Limit } from './limit.ts';
import { type ThrottleStore } from './throttle.store.ts';

/**
 * Our buckets under @nestjs/throttler's own guard: constant work and memory per key where the stock storage keeps a
 * timestamp per hit. A refused caller waits for the next request that fits, not for a block duration.
 */
export class BucketThrottlerStorage implements ThrottlerStorage {
  readonly #store: ThrottleStore;
  readonly #limits = new Map<string, Limit>();

  constructor(store: ThrottleStore) {
    this.#store = store;
  }

  /** @param ttl ms; the times of the answer are whole seconds, as the stock guard expects */
  async increment(
    key: string,
    ttl: number,
    limit: number,
    _blockDuration: number,
    throttlerName: string,
  ): Promise<ThrottlerStorageRecord> {
    const bucket = this.#limit(throttlerName, limit, ttl);
    const { admitted, retryAfterMs, states } = await this.#store.take([{ limit: bucket, key }]);
    const { remaining = 0, resetMs = 0 } = states[0] ?? {};
    return {
      totalHits: admitted ? limit - remaining : limit + 1,
      timeToExpire: Math.ceil(resetMs / 1000),
      isBlocked: !admitted,
      timeToBlockExpire: Math.ceil(retryAfterMs / 1000),
    };
  }

  #limit(name: string, limit: number, windowMs: number): Limit {
    const id = `${name}:${limit}/${windowMs}`;
    let known = this.#limits.get(id);
    if (known === undefined)
      this.#limits.set(id, (known = new Limit({ name, limit, windowMs }, 'throttler')));
    return known;
  }
}
