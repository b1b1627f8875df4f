import { type Fleet } from './fleet.ts';

export interface CountedTier {
  readonly name: string;
  readonly perMinute: number;
  readonly burst: number;
}

interface Bucket {
  /** Units in use after the last request that was admitted. */
  readonly level: number;
  /** When that was, µs on the clock of Redis. */
  readonly atUs: number;
}

const minuteUs = 60_000_000;

/** What one tier's bucket of one caller admits, reckoned from the bucket in Redis and the clock of Redis. */
export class Admissions {
  readonly #fleet: Fleet;
  readonly #tier: CountedTier;
  readonly #caller: string;

  constructor(fleet: Fleet, tier: CountedTier, caller: string) {
    this.#fleet = fleet;
    this.#tier = tier;
    this.#caller = caller;
  }

  async bucket(): Promise<Bucket> {
    return this.#fleet.withRedis(async (redis) => {
      const [key = '', ...others] = await redis.keys(`*throttle:tier:${this.#tier.name}:*:${this.#caller}`);
      if (others.length > 0) throw new Error(`several buckets: ${[key, ...others].join()}`);
      const [level = Number.NaN, atUs = Number.NaN] = ((await redis.get(key)) ?? '').split(' ').map(Number);
      return { level, atUs };
    });
  }

  /**
   * Requests admitted between two states of a bucket that was never full in between, to the unit: what is in use now,
   * less what was, and all that came back meanwhile.
   */
  between(before: Bucket, after: Bucket): number {
    return (after.level - before.level + this.#refilled(before, after)) / this.#cost;
  }

  /** What callers who never stop asking get from a bucket in the first state, up to the moment of the last one. */
  allowed(first: Bucket, last: Bucket): number {
    const room = this.#tier.burst * this.#cost - first.level;
    return Math.floor((room + this.#refilled(first, last)) / this.#cost);
  }

  /** Units of one request: the smallest whole number of which a whole number comes back in each µs. */
  get #cost(): number {
    return minuteUs / greatestCommonDivisor(this.#tier.perMinute, minuteUs);
  }

  #refilled(from: Bucket, to: Bucket): number {
    return ((to.atUs - from.atUs) * this.#tier.perMinute * this.#cost) / minuteUs;
  }
}

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other);
}
