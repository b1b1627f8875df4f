import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FakeClock } from '../fake-clock.ts';
import { type LimitNumbers, ReferenceBuckets } from './reference-buckets.ts';

/** A store as the suite sees it: by shape, so that the lib under test may import the suite. */
export interface StoreUnderTest<Limit> {
  take(claims: readonly ClaimUnderTest<Limit>[]): VerdictUnderTest | Promise<VerdictUnderTest>;
  peek(claims: readonly ClaimUnderTest<Limit>[]): VerdictUnderTest | Promise<VerdictUnderTest>;
}

export interface ClaimUnderTest<Limit> {
  readonly limit: Limit;
  readonly key: string;
}

interface VerdictUnderTest {
  readonly admitted: boolean;
  readonly retryAfterMs: number;
  readonly states: readonly {
    readonly refused: boolean;
    readonly remaining: number;
    readonly resetMs: number;
  }[];
}

export interface ThrottleStoreContract<Limit> {
  /** An empty store that decides on this clock's monotonic time. */
  open(clock: FakeClock): StoreUnderTest<Limit> | Promise<StoreUnderTest<Limit>>;
  limitOf(numbers: LimitNumbers): Limit;
  /** Property runs; fewer where a decision costs a round trip. Default 100. */
  readonly runs?: number;
}

const algorithms = ['token-bucket', 'leaky-bucket'] as const;

/**
 * What every `ThrottleStore` keeps: run by memory and by Redis, so that equal inputs get equal decisions. Steps are
 * whole ms.
 */
export function throttleStoreContract<Limit>(name: string, contract: ThrottleStoreContract<Limit>): void {
  const { open, limitOf, runs = 100 } = contract;
  type Claim = ClaimUnderTest<Limit>;
  describe(`ThrottleStore contract: ${name}`, () => {
    let clock: FakeClock;
    let store: StoreUnderTest<Limit>;
    const takeTimes = async (count: number, claims: readonly Claim[]): Promise<number> => {
      let admitted = 0;
      for (let round = 0; round < count; round++) if ((await store.take(claims)).admitted) admitted++;
      return admitted;
    };

    beforeEach(async () => {
      clock = new FakeClock();
      await clock.advance(5_000_000);
      store = await open(clock);
    });
    afterEach(() => {
      expect(clock.pendingTimers).toBe(0);
    });

    describe.each(algorithms)('%s', (algorithm) => {
      const limit = limitOf({ name: 'x', limit: 7, windowMs: 60_000, burst: 3, algorithm });
      const claims = [{ limit, key: 'anna' }];

      it('admits the burst, counts down and then refuses', async () => {
        const states = [];
        for (let round = 0; round < 4; round++) states.push(await store.take(claims));
        expect(states.map(({ admitted }) => admitted)).toEqual([true, true, true, false]);
        expect(states.map((verdict) => verdict.states[0]?.remaining)).toEqual([2, 1, 0, 0]);
        expect(states.map((verdict) => verdict.states[0]?.refused)).toEqual([false, false, false, true]);
        expect(states[3]?.retryAfterMs).toBe(8572);
      });

      it('admits after retryAfterMs and not before', async () => {
        await takeTimes(3, claims);
        const { retryAfterMs } = await store.take(claims);
        await clock.advance(retryAfterMs - 1);
        expect((await store.take(claims)).admitted).toBe(false);
        await clock.advance(1);
        expect((await store.take(claims)).admitted).toBe(true);
        expect((await store.take(claims)).admitted).toBe(false);
      });

      it('loses no fraction: 7 a minute are 420 an hour', async () => {
        await takeTimes(3, claims);
        let admitted = 0;
        for (let seconds = 0; seconds < 3600; seconds += 5) {
          await clock.advance(5000);
          admitted += await takeTimes(2, claims);
        }
        expect(admitted).toBe(420);
      });

      it('holds no more than the burst after a long rest', async () => {
        await takeTimes(3, claims);
        await clock.advance(365 * 86_400_000);
        expect(await takeTimes(10, claims)).toBe(3);
      });
    });

    it('takes from all limits or from none', async () => {
      const wide = { limit: limitOf({ name: 'wide', limit: 10, windowMs: 1000 }), key: 'anna' };
      const narrow = { limit: limitOf({ name: 'narrow', limit: 2, windowMs: 1000 }), key: '' };
      expect(await takeTimes(5, [wide, narrow])).toBe(2);
      const refusal = await store.take([wide, narrow]);
      expect(refusal.states.map(({ refused, remaining }) => [refused, remaining])).toEqual([
        [false, 8],
        [true, 0],
      ]);
      expect(refusal.retryAfterMs).toBe(500);
      expect(await takeTimes(10, [wide])).toBe(8);
    });

    it('names the longest wait of several refusals', async () => {
      const fast = { limit: limitOf({ name: 'fast', limit: 1, windowMs: 1000 }), key: '' };
      const slow = { limit: limitOf({ name: 'slow', limit: 1, windowMs: 60_000 }), key: '' };
      await store.take([fast, slow]);
      const { retryAfterMs, states } = await store.take([fast, slow]);
      expect(states.map(({ resetMs }) => resetMs)).toEqual([1000, 60_000]);
      expect(retryAfterMs).toBe(60_000);
    });

    it('counts keys and limits apart', async () => {
      const limits = ['a', 'b'].map((limitName) => limitOf({ name: limitName, limit: 1, windowMs: 1000 }));
      for (const limit of limits) {
        for (const key of ['', 'x', 'x\0', 'xy', 'ü', '☃☃', '}{']) {
          expect(await takeTimes(2, [{ limit, key }])).toBe(1);
        }
      }
    });

    it('peeks without taking', async () => {
      const claims = [{ limit: limitOf({ name: 'x', limit: 1, windowMs: 1000 }), key: '' }];
      expect(await store.peek(claims)).toMatchObject({
        admitted: true,
        states: [{ remaining: 1, resetMs: 0 }],
      });
      expect(await takeTimes(2, claims)).toBe(1);
      expect(await store.peek(claims)).toMatchObject({ admitted: false, retryAfterMs: 1000 });
    });

    it('equals the reference on every sequence, at every alignment', async () => {
      await fc.assert(
        fc.asyncProperty(limitsArbitrary, stepsArbitrary, async (all, steps) => {
          clock = new FakeClock();
          await clock.advance(1);
          store = await open(clock);
          const reference = new ReferenceBuckets();
          const limits = all.map(limitOf);
          for (const { waitMs, asked } of steps) {
            await clock.advance(waitMs);
            const claims = limits.filter((_, index) => asked[index]).map((limit) => ({ limit, key: 'k' }));
            const numbers = all.filter((_, index) => asked[index]);
            const { admitted, states } = await store.take(claims);
            const expected = reference.take(numbers, clock.monotonic());
            expect({ admitted, remaining: states.map(({ remaining }) => remaining) }).toEqual(expected);
          }
        }),
        { numRuns: runs },
      );
    });
  });
}

const limitsArbitrary = fc
  .array(
    fc.record({
      limit: fc.integer({ min: 1, max: 13 }),
      windowMs: fc.integer({ min: 1, max: 500 }),
      burst: fc.integer({ min: 1, max: 5 }),
      algorithm: fc.constantFrom(...algorithms),
    }),
    { minLength: 3, maxLength: 3 },
  )
  .map((numbers) => numbers.map((each, index): Required<LimitNumbers> => ({ ...each, name: `l${index}` })));

const stepsArbitrary = fc.array(
  fc.record({
    waitMs: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 200 })),
    asked: fc.tuple(fc.constant(true), fc.boolean(), fc.boolean()),
  }),
  { maxLength: 40 },
);
