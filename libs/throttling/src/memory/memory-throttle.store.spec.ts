import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '@facet/testing';
import { throttleStoreContract } from '@facet/testing/throttling';
import { Limit } from '../limit.ts';
import { MemoryThrottleStore } from './memory-throttle.store.ts';

throttleStoreContract('memory', {
  open: (clock) => new MemoryThrottleStore(clock, { maxKeys: 1000 }),
  limitOf: (numbers) => new Limit(numbers, 'contract'),
  runs: 300,
});

const perHour = (limit: number, name = 'x') => new Limit({ name, limit, windowMs: 3_600_000 }, 'memory');

describe('MemoryThrottleStore', () => {
  it('answers with a plain value', () => {
    const verdict = new MemoryThrottleStore(new FakeClock()).take([{ limit: perHour(1), key: 'a' }]);
    expect(verdict).not.toBeInstanceOf(Promise);
    expect(verdict.admitted).toBe(true);
  });

  it('goes by monotonic time: a wall clock that jumps changes nothing', async () => {
    const clock = new FakeClock();
    const store = new MemoryThrottleStore(clock);
    const claims = [{ limit: perHour(1), key: 'a' }];
    store.take(claims);
    clock.jumpWallTo(clock.now() + 7_200_000);
    expect(store.take(claims).admitted).toBe(false);
    clock.jumpWallTo(0);
    await clock.advance(3_600_000);
    expect(store.take(claims).admitted).toBe(true);
  });

  it('never holds more keys than it may', () => {
    const store = new MemoryThrottleStore(new FakeClock(), { maxKeys: 100 });
    const limit = perHour(5);
    for (let key = 0; key < 1000; key++) {
      expect(store.take([{ limit, key: String(key) }]).admitted).toBe(true);
      expect(store.size).toBeLessThanOrEqual(100);
    }
    expect(store.size).toBe(100);
  });

  it('lets idle buckets go first and keeps every one in use', async () => {
    const clock = new FakeClock();
    const store = new MemoryThrottleStore(clock, { maxKeys: 100 });
    const [quick, slow] = [new Limit({ name: 'quick', limit: 1, windowMs: 10 }, 'memory'), perHour(5)];
    for (let key = 0; key < 50; key++) store.take([{ limit: quick, key: `idle-${key}` }]);
    for (let key = 0; key < 50; key++) store.take([{ limit: slow, key: `active-${key}` }]);
    await clock.advance(10);
    for (let key = 0; key < 50; key++) store.take([{ limit: slow, key: `new-${key}` }]);
    const remaining = (key: string) => store.peek([{ limit: slow, key }]).states[0]?.remaining;
    for (let key = 0; key < 50; key++) {
      expect(remaining(`active-${key}`)).toBe(4);
      expect(remaining(`new-${key}`)).toBe(4);
    }
  });

  it('forgets idle keys without a timer, as new ones come', async () => {
    const clock = new FakeClock();
    const store = new MemoryThrottleStore(clock, { maxKeys: 1000 });
    const limit = new Limit({ name: 'x', limit: 1, windowMs: 10 }, 'memory');
    for (let key = 0; key < 400; key++) store.take([{ limit, key: `old-${key}` }]);
    await clock.advance(10);
    for (let key = 0; key < 200; key++) store.take([{ limit, key: `new-${key}` }]);
    expect(store.size).toBe(200);
    expect(clock.pendingTimers).toBe(0);
  });

  it('never unblocks a caller to make room: a flood of keys is refused instead', () => {
    const store = new MemoryThrottleStore(new FakeClock(), { maxKeys: 100 });
    const limit = perHour(1);
    for (let key = 0; key < 100; key++) store.take([{ limit, key: `blocked-${key}` }]);
    for (let key = 0; key < 1000; key++) {
      expect(store.take([{ limit, key: `flood-${key}` }])).toMatchObject({
        admitted: false,
        retryAfterMs: 1000,
      });
    }
    for (let key = 0; key < 100; key++) {
      expect(store.take([{ limit, key: `blocked-${key}` }]).admitted).toBe(false);
    }
  });

  it('keeps one blocked caller blocked through 10 times its size in other keys', () => {
    const store = new MemoryThrottleStore(new FakeClock(), { maxKeys: 100 });
    const [one, many] = [perHour(1, 'one'), perHour(5, 'many')];
    store.take([{ limit: one, key: 'mallory' }]);
    for (let key = 0; key < 1000; key++) store.take([{ limit: many, key: String(key) }]);
    expect(store.take([{ limit: one, key: 'mallory' }]).admitted).toBe(false);
  });

  it('never makes room with the other limits of the same request', () => {
    const store = new MemoryThrottleStore(new FakeClock(), { maxKeys: 2 });
    const limits = [perHour(5, 'a'), perHour(5, 'b'), perHour(5, 'c')];
    expect(store.take(limits.slice(0, 2).map((limit) => ({ limit, key: '1' }))).admitted).toBe(true);
    expect(store.take(limits.map((limit) => ({ limit, key: '2' }))).admitted).toBe(false);
  });
});
