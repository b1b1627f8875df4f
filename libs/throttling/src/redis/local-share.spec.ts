import { beforeEach, describe, expect, it } from '@jest/globals';
import { type LimitPolicy } from '@facet/context';
import { FakeClock } from '@facet/testing';
import { Limit } from '../limit.ts';
import { MemoryThrottleStore } from '../memory/memory-throttle.store.ts';
import { Debts } from './debts.ts';
import { LocalShare } from './local-share.ts';

describe('LocalShare', () => {
  let clock: FakeClock;
  let instances: number;
  let share: LocalShare;

  beforeEach(() => {
    clock = new FakeClock();
    instances = 3;
    share = new LocalShare({
      memory: new MemoryThrottleStore(clock, { maxKeys: 1000 }),
      instances: () => instances,
      debts: new Debts(clock),
    });
  });

  const claim = (more: Partial<LimitPolicy> = {}, key = 'anna') => ({
    limit: new Limit({ name: 'x', limit: 30, windowMs: 60_000, ...more }, 'local'),
    key,
  });
  const admitted = (count: number, ...claims: ReturnType<typeof claim>[]) =>
    Array.from({ length: count }, () => share.take(claims)).filter((verdict) => verdict.admitted).length;

  it('admits burst / live instances, then limit / live instances', async () => {
    expect(admitted(100, claim())).toBe(10);
    await clock.advance(60_000);
    expect(admitted(100, claim())).toBe(10);
    let steady = 0;
    for (let second = 0; second < 60; second++) {
      await clock.advance(1000);
      steady += admitted(5, claim());
    }
    expect(steady).toBe(10);
  });

  it('leaves every instance at least one request', () => {
    instances = 100;
    expect(admitted(5, claim())).toBe(1);
  });

  it('is the whole limit for a single instance', () => {
    instances = 1;
    expect(admitted(100, claim())).toBe(30);
  });

  it('tells the caller its own limit', () => {
    const own = claim();
    expect(share.take([own]).states).toEqual([
      { limit: own.limit, refused: false, remaining: 9, resetMs: 6000 },
    ]);
  });

  it('lets an open limit pass without numbers, beside a local one that holds', () => {
    expect(share.take([claim({ onStoreFailure: 'open', limit: 1 })])).toEqual({
      admitted: true,
      retryAfterMs: 0,
      states: [],
    });
    expect(admitted(100, claim({ name: 'open', onStoreFailure: 'open', limit: 1 }), claim())).toBe(10);
  });

  it('refuses at a closed limit and takes nothing from the others', () => {
    const closed = claim({ name: 'login', onStoreFailure: 'closed' });
    expect(share.take([claim(), closed])).toMatchObject({
      admitted: false,
      retryAfterMs: 1000,
      states: [{ limit: closed.limit, refused: true }],
    });
    expect(admitted(100, claim())).toBe(10);
  });

  it('owes what it admitted, and nothing for what it refused or peeked at', () => {
    admitted(100, claim());
    share.peek([claim()]);
    expect(share.debts.collect(claim())).toMatchObject({ requests: 10 });
  });

  it('learns what is left of a shared bucket, and shares it with the others', async () => {
    const own = claim();
    share.learn([own], [own.limit.rate.cost * 15]);
    expect(admitted(100, own)).toBe(5);
    share.learn([own], [own.limit.rate.cost * 2]);
    expect(admitted(100, own)).toBe(0);
    // A third of 30 a minute: what is missing of one request is there after 2 s.
    await clock.advance(1999);
    expect(admitted(100, own)).toBe(0);
    await clock.advance(1);
    expect(admitted(100, own)).toBe(1);
  });
});
