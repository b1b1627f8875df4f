import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Bucket, remainingRequests, untilNextUs } from './bucket.ts';
import { leakyBucket } from './leaky-bucket.ts';
import { exactRate, type Rate } from './rate.ts';
import { tokenBucket } from './token-bucket.ts';

const buckets = { 'token bucket': tokenBucket, 'leaky bucket': leakyBucket };

/** One bucket moved through time by hand. */
class Walk {
  readonly bucket: Bucket;
  readonly rate: Rate;
  #level: number;
  #atUs = 0;

  constructor(bucket: Bucket, rate: Rate) {
    this.bucket = bucket;
    this.rate = rate;
    this.#level = bucket.fresh(rate);
  }

  take(nowUs: number): boolean {
    this.#level = this.bucket.settle(this.rate, this.#level, nowUs - this.#atUs);
    this.#atUs = nowUs;
    const admitted = this.room >= this.rate.cost;
    if (admitted) this.#level = this.bucket.take(this.rate, this.#level);
    return admitted;
  }

  get room(): number {
    return this.bucket.room(this.rate, this.#level);
  }
}

const rates = fc.record({
  limit: fc.integer({ min: 1, max: 100_000 }),
  windowMs: fc.integer({ min: 1, max: 86_400_000 }),
  burst: fc.integer({ min: 1, max: 50 }),
});
/** Gaps between attempts in µs: crowds, and rests up to some windows long. */
const gaps = (windowMs: number) =>
  fc.array(fc.oneof(fc.constant(0), fc.nat(10), fc.nat(windowMs * 3000)), { minLength: 1, maxLength: 200 });

describe.each(Object.entries(buckets))('%s', (_name, bucket) => {
  it('admits at most burst + refill in any window, wherever it begins', () => {
    fc.assert(
      fc.property(
        rates.chain((rate) => fc.tuple(fc.constant(rate), gaps(rate.windowMs))),
        ([numbers, waits]) => {
          const walk = new Walk(bucket, exactRate(numbers));
          let nowUs = 0;
          const admittedAt = waits.flatMap((waitUs) => ((nowUs += waitUs), walk.take(nowUs) ? [nowUs] : []));
          for (let from = 0; from < admittedAt.length; from++) {
            for (let to = from; to < admittedAt.length; to++) {
              const spanUs = BigInt(admittedAt[to]! - admittedAt[from]!);
              const refill = (spanUs * BigInt(numbers.limit)) / (BigInt(numbers.windowMs) * 1000n);
              expect(to - from + 1).toBeLessThanOrEqual(numbers.burst + Number(refill));
            }
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('says to the microsecond when the next request fits', () => {
    fc.assert(
      fc.property(rates, fc.nat(40), (numbers, takes) => {
        const rate = exactRate(numbers);
        const walk = new Walk(bucket, rate);
        for (let count = 0; count < takes; count++) walk.take(0);
        const before = remainingRequests(rate, walk.room);
        const waitUs = untilNextUs(rate, walk.room);
        const later = (us: number) =>
          remainingRequests(
            rate,
            bucket.room(rate, bucket.settle(rate, levelOf(bucket, rate, walk.room), us)),
          );
        if (waitUs === 0) expect(before).toBe(numbers.burst);
        else {
          expect(later(waitUs - 1)).toBe(before);
          expect(later(waitUs)).toBeGreaterThan(before);
        }
      }),
    );
  });

  it('stays within its bounds after any rest', () => {
    const walk = new Walk(bucket, exactRate({ limit: 1000, windowMs: 1, burst: 5 }));
    walk.take(0);
    walk.take(Number.MAX_SAFE_INTEGER);
    expect(remainingRequests(walk.rate, walk.room)).toBe(4);
  });
});

it('both algorithms decide alike for the same size', () => {
  fc.assert(
    fc.property(
      rates.chain((rate) => fc.tuple(fc.constant(rate), gaps(rate.windowMs))),
      ([numbers, waits]) => {
        const walks = [tokenBucket, leakyBucket].map((bucket) => new Walk(bucket, exactRate(numbers)));
        let nowUs = 0;
        for (const waitUs of waits) {
          nowUs += waitUs;
          const [token, leaky] = walks.map((walk) => [walk.take(nowUs), walk.room]);
          expect(leaky).toEqual(token);
        }
      },
    ),
  );
});

describe('exactRate', () => {
  it('has no fraction of a unit: what a window brings is exactly the limit', () => {
    fc.assert(
      fc.property(rates, (numbers) => {
        const { cost, refill, capacity } = exactRate(numbers);
        expect([cost, refill, capacity].every(Number.isSafeInteger)).toBe(true);
        expect(BigInt(refill) * BigInt(numbers.windowMs) * 1000n).toBe(BigInt(cost) * BigInt(numbers.limit));
        expect(capacity).toBe(cost * numbers.burst);
      }),
    );
  });

  it.each([
    [{ limit: 0, windowMs: 1000, burst: 1 }, 'limit'],
    [{ limit: 1.5, windowMs: 1000, burst: 1 }, 'limit'],
    [{ limit: 1, windowMs: -1, burst: 1 }, 'windowMs'],
    [{ limit: 1, windowMs: 1000, burst: Number.NaN }, 'burst'],
    [{ limit: 999_999_937, windowMs: 86_400_000, burst: 999_999_937 }, 'exactly'],
  ])('refuses %j', (numbers, named) => {
    expect(() => exactRate(numbers)).toThrow(named);
  });
});

/** A level with that room: the inverse of `room`. */
function levelOf(bucket: Bucket, rate: Rate, room: number): number {
  return bucket === tokenBucket ? room : rate.capacity - room;
}
