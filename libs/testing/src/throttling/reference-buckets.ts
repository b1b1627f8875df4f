/** A limit in the words of a policy. */
export interface LimitNumbers {
  readonly name: string;
  readonly limit: number;
  readonly windowMs: number;
  /** Default: the limit. */
  readonly burst?: number;
  readonly algorithm?: 'token-bucket' | 'leaky-bucket';
}

interface ReferenceBucket {
  /** Tokens in 1 / windowUs, an exact fraction. */
  tokens: bigint;
  atMs: number;
}

/** Token buckets in exact fractions, written from the definition and not from the engines: the oracle they must equal. */
export class ReferenceBuckets {
  readonly #buckets = new Map<string, ReferenceBucket>();

  /** Admits all or none, like a store; returns the whole tokens left per limit. */
  take(limits: readonly LimitNumbers[], nowMs: number): { admitted: boolean; remaining: number[] } {
    const buckets = limits.map((limit) => ({ bucket: this.#at(limit, nowMs), one: oneRequest(limit) }));
    const admitted = buckets.every(({ bucket, one }) => bucket.tokens >= one);
    if (admitted) for (const { bucket, one } of buckets) bucket.tokens -= one;
    return { admitted, remaining: buckets.map(({ bucket, one }) => Number(bucket.tokens / one)) };
  }

  #at(limit: LimitNumbers, nowMs: number): ReferenceBucket {
    const full = BigInt(limit.burst ?? limit.limit) * oneRequest(limit);
    const bucket = this.#buckets.get(limit.name) ?? { tokens: full, atMs: nowMs };
    const refilled = bucket.tokens + BigInt(nowMs - bucket.atMs) * 1000n * BigInt(limit.limit);
    bucket.tokens = refilled < full ? refilled : full;
    bucket.atMs = nowMs;
    this.#buckets.set(limit.name, bucket);
    return bucket;
  }
}

function oneRequest(limit: LimitNumbers): bigint {
  return BigInt(limit.windowMs) * 1000n;
}
