import { describe, expect, it, jest } from '@jest/globals';
import { FakeClock } from '@facet/testing';
import { type ExecutionContext } from '@nestjs/common';
import { BucketThrottlerStorage } from './bucket-throttler.storage.ts';
import { Limit } from './limit.ts';
import { MemoryThrottleStore } from './memory/memory-throttle.store.ts';

const { Reflector } = await import('@nestjs/core');
const { ThrottlerGuard, ThrottlerStorageService } = await import('@nestjs/throttler');

/** The stock guard over a storage, on a bare HTTP context. */
async function guardOver(storage: object, throttlers: { name: string; limit: number; ttl: number }[]) {
  const guard = new ThrottlerGuard({ throttlers }, storage as never, new Reflector());
  await guard.onModuleInit();
  const headers: Record<string, unknown> = {};
  const response = { header: (name: string, value: unknown) => void (headers[name] = value) };
  const context = {
    getHandler: () => guardOver,
    getClass: () => Limit,
    switchToHttp: () => ({
      getRequest: () => ({ ip: '192.0.2.1', headers: {} }),
      getResponse: () => response,
    }),
  } as unknown as ExecutionContext;
  const passes = async () => {
    try {
      return await guard.canActivate(context);
    } catch {
      return false;
    }
  };
  return { passes, headers };
}

async function stockStorage<T>(
  run: (storage: InstanceType<typeof ThrottlerStorageService>) => Promise<T>,
): Promise<T> {
  const storage = new ThrottlerStorageService();
  try {
    return await run(storage);
  } finally {
    storage.onApplicationShutdown();
  }
}

const count = async (times: number, passes: () => Promise<boolean>) => {
  let admitted = 0;
  for (let round = 0; round < times; round++) if (await passes()) admitted++;
  return admitted;
};

/** Why the engine under @nestjs/throttler's surface is ours; each test fails when stock catches up. */
describe('difference to the stock engine', () => {
  it('our storage serves the stock guard, with its fields', async () => {
    const clock = new FakeClock();
    const storage = new BucketThrottlerStorage(new MemoryThrottleStore(clock));
    const { passes, headers } = await guardOver(storage, [{ name: 'default', limit: 3, ttl: 60_000 }]);
    expect(await passes()).toBe(true);
    expect(headers).toMatchObject({
      'X-RateLimit-Limit': 3,
      'X-RateLimit-Remaining': 2,
      'X-RateLimit-Reset': 20,
    });
    expect(await count(5, passes)).toBe(2);
    expect(headers).toMatchObject({ 'Retry-After': 20 });
    await clock.advance(20_000);
    expect(await count(5, passes)).toBe(1);
  });

  it('stock takes from one limit what another refuses; ours takes nothing', async () => {
    const clock = new FakeClock();
    const [narrow, wide] = [
      new Limit({ name: 'narrow', limit: 1, windowMs: 1000 }, 'difference'),
      new Limit({ name: 'wide', limit: 10, windowMs: 60_000 }, 'difference'),
    ];
    const ours = new MemoryThrottleStore(clock);
    const claims = [wide, narrow].map((limit) => ({ limit, key: 'anna' }));
    for (let round = 0; round < 6; round++) ours.take(claims);
    expect(ours.peek(claims).states[0]?.remaining).toBe(9);

    await stockStorage(async (storage) => {
      const throttlers = [
        { name: 'a-wide', limit: 10, ttl: 60_000 },
        { name: 'b-narrow', limit: 1, ttl: 60_001 },
      ];
      const { passes, headers } = await guardOver(storage, throttlers);
      expect(await count(6, passes)).toBe(1);
      expect(headers['X-RateLimit-Remaining-a-wide']).toBe(4);
    });
  });

  it('stock keeps a number per hit; ours keeps two per key', async () => {
    await stockStorage(async (storage) => {
      for (let hit = 0; hit < 500; hit++) await storage.increment('k', 60_000, 1000, 60_000, 'default');
      const kept = (storage as unknown as { hitExpirations: Map<string, Map<string, number[]>> })
        .hitExpirations;
      expect(kept.get('k')?.get('default')).toHaveLength(500);
    });
  });

  it('stock sweeps by a timer and on the wall clock; ours has no timer and is not moved by that clock', async () => {
    jest.useFakeTimers();
    try {
      await stockStorage(async (storage) => {
        await storage.increment('k', 60_000, 1, 60_000, 'default');
        expect(jest.getTimerCount()).toBe(1);
        expect((await storage.increment('k', 60_000, 1, 60_000, 'default')).isBlocked).toBe(true);
        jest.setSystemTime(Date.now() + 120_000);
        expect((await storage.increment('k', 60_000, 1, 60_000, 'default')).isBlocked).toBe(false);
      });
      const clock = new FakeClock();
      const ours = new BucketThrottlerStorage(new MemoryThrottleStore(clock));
      await ours.increment('k', 60_000, 1, 60_000, 'default');
      clock.jumpWallTo(clock.now() + 120_000);
      expect(await ours.increment('k', 60_000, 1, 60_000, 'default')).toEqual({
        totalHits: 2,
        timeToExpire: 60,
        isBlocked: true,
        timeToBlockExpire: 60,
      });
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });
});
