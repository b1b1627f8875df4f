import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '@facet/context';
import { FakeClock } from '@facet/testing';
import { describeWithRedis } from '@facet/testing/redis';
import { throttleStoreContract } from '@facet/testing/throttling';
import { Redis } from 'ioredis';
import { Limit } from '../limit.ts';
import { MemoryThrottleStore } from '../memory/memory-throttle.store.ts';
import { type Claim, type Verdict } from '../throttle.store.ts';
import { Debts } from './debts.ts';
import { LocalShare } from './local-share.ts';
import { RedisThrottleStore } from './redis-throttle.store.ts';

const algorithms = ['token-bucket', 'leaky-bucket'] as const;

describeWithRedis('RedisThrottleStore', (redis) => {
  let clients: Redis[];
  let keySpace: string;
  let isAway: boolean;
  /** A command reaches Redis, its answer comes after it was given up. */
  let isLate: boolean;
  let instances: number;

  beforeAll(() => {
    clients = [new Redis(redis.url), new Redis(redis.url)];
  });
  afterAll(() => clients.forEach((each) => each.disconnect()));
  beforeEach(() => {
    keySpace = `{${Math.random()}}`;
    isAway = false;
    isLate = false;
    instances = 1;
  });

  /** One instance: its own connection and fallback, on the clock of Redis unless one is given. */
  function instance(index = 0, clock?: FakeClock): RedisThrottleStore {
    const space = keySpace;
    return new RedisThrottleStore({
      connection: {
        get available() {
          return !isAway;
        },
        key: (name) => `${space}:${name}`,
        execute: async (command) => {
          const answer = await command(clients[index]!);
          if (isLate) throw new Error('given up');
          return answer;
        },
      },
      local: new LocalShare({
        memory: new MemoryThrottleStore(clock ?? systemClock),
        instances: () => instances,
        debts: new Debts(clock ?? systemClock),
      }),
      ...(clock === undefined ? {} : { nowUs: () => clock.monotonic() * 1000 }),
    });
  }
  const client = <T>(command: (raw: Redis) => Promise<T>) => command(clients[0]!);

  throttleStoreContract('Redis', {
    open: (clock) => {
      keySpace = `{${Math.random()}}`;
      return instance(0, clock);
    },
    limitOf: (numbers) => new Limit(numbers, 'contract'),
    runs: 60,
  });

  const perHour = (limit: number, name = 'x') => new Limit({ name, limit, windowMs: 3_600_000 }, 'redis');
  const claimsOn = (limit: Limit, key = 'anna'): Claim[] => [{ limit, key }];

  it('admits exactly the burst over two instances that ask all at once', async () => {
    const claims = [...claimsOn(perHour(100, 'caller')), ...claimsOn(perHour(150, 'total'), '')];
    const stores = [instance(0), instance(1)];
    const verdicts = await Promise.all(
      Array.from({ length: 400 }, (_, index) => stores[index % 2]!.take(claims) as Promise<Verdict>),
    );
    expect(verdicts.filter(({ admitted }) => admitted)).toHaveLength(100);
    const after = await instance().peek(claims);
    expect(after.states.map(({ remaining }) => remaining)).toEqual([0, 50]);
  });

  it('admits burst + refill and no more while time goes on, by the clock of Redis', async () => {
    const limit = new Limit({ name: 'x', limit: 1000, windowMs: 1000, burst: 20 }, 'redis');
    const nowUs = () =>
      client((raw) => raw.time()).then(([seconds, us]) => Number(seconds) * 1e6 + Number(us));
    const stores = [instance(0), instance(1)];
    let admitted = 0;
    const beforeUs = await nowUs();
    for (let round = 0; round < 200; round++) {
      const both = await Promise.all(stores.map((store) => store.take(claimsOn(limit))));
      admitted += both.filter((verdict) => verdict.admitted).length;
    }
    const elapsedUs = (await nowUs()) - beforeUs;
    expect(admitted).toBeGreaterThanOrEqual(20);
    expect(admitted).toBeLessThanOrEqual(20 + Math.floor(elapsedUs / 1000));
  });

  it('makes one round trip a decision, however many limits', async () => {
    const sent: string[] = [];
    const counting = (raw: Redis) =>
      new Proxy(raw, {
        get: (target, name: 'evalsha' | 'eval') => {
          sent.push(name);
          return target[name].bind(target);
        },
      });
    const store = new RedisThrottleStore({
      connection: {
        available: true,
        key: (name) => `${keySpace}:${name}`,
        execute: (command) => client((raw) => command(counting(raw))),
      },
      local: new LocalShare({
        memory: new MemoryThrottleStore(systemClock),
        instances: () => 1,
        debts: new Debts(systemClock),
      }),
    });
    const claims = ['a', 'b', 'c'].flatMap((name) => claimsOn(perHour(5, name)));
    await store.take(claims);
    sent.length = 0;
    for (let round = 0; round < 3; round++) await store.take(claims);
    expect(sent).toEqual(['evalsha', 'evalsha', 'evalsha']);
  });

  it('lets keys go by themselves, not before they are full again', async () => {
    const store = instance();
    await store.take(claimsOn(perHour(10)));
    const [key] = await client((raw) => raw.keys(`${keySpace}:*`));
    const ttlMs = await client((raw) => raw.pttl(key!));
    expect(ttlMs).toBeGreaterThan(360_000);
    expect(ttlMs).toBeLessThanOrEqual(370_001);
  });

  it('goes on when the scripts are flushed, and starts afresh when everything is', async () => {
    const store = instance();
    const claims = claimsOn(perHour(2));
    await store.take(claims);
    await client((raw) => raw.script('FLUSH'));
    expect((await store.take(claims)).states[0]?.remaining).toBe(0);
    await client((raw) => raw.del(`${keySpace}:throttle:${claims[0]!.limit.id}:anna`));
    expect((await store.take(claims)).states[0]?.remaining).toBe(1);
  });

  it('does not freeze a bucket when the clock of Redis is set back, and gives nothing away', async () => {
    const clock = new FakeClock();
    await clock.advance(10_000_000);
    let backUs = 0;
    const store = new RedisThrottleStore({
      connection: { available: true, key: (name) => keySpace + name, execute: (command) => client(command) },
      local: new LocalShare({
        memory: new MemoryThrottleStore(clock),
        instances: () => 1,
        debts: new Debts(clock),
      }),
      nowUs: () => clock.monotonic() * 1000 - backUs,
    });
    const claims = claimsOn(new Limit({ name: 'x', limit: 1, windowMs: 1000 }, 'redis'));
    expect((await store.take(claims)).admitted).toBe(true);
    backUs = 3_600_000_000;
    expect(await store.take(claims)).toMatchObject({ admitted: false, retryAfterMs: 1000 });
    await clock.advance(1000);
    expect((await store.take(claims)).admitted).toBe(true);
  });

  it('keeps long and odd keys apart without keeping them', async () => {
    const store = instance();
    const limit = perHour(1);
    for (const key of ['x'.repeat(10_000), 'x'.repeat(10_001), '{other}', 'a b', '\0', 'ü']) {
      expect([await store.take(claimsOn(limit, key)), await store.take(claimsOn(limit, key))]).toMatchObject([
        { admitted: true },
        { admitted: false },
      ]);
    }
    const keys = await client((raw) => raw.keys(`${keySpace}:*`));
    expect(Math.max(...keys.map((key) => key.length))).toBeLessThan(200);
  });

  describe('while Redis is away', () => {
    it('decides locally, at once', () => {
      isAway = true;
      const verdict = instance().take(claimsOn(perHour(5)));
      expect(verdict).not.toBeInstanceOf(Promise);
      expect(verdict).toMatchObject({ admitted: true });
    });

    it('decides locally when a command fails on the way', async () => {
      const store = new RedisThrottleStore({
        connection: {
          available: true,
          key: (name) => name,
          execute: () => Promise.reject(new Error('away')),
        },
        local: new LocalShare({
          memory: new MemoryThrottleStore(systemClock),
          instances: () => 2,
          debts: new Debts(systemClock),
        }),
      });
      const verdicts = [];
      for (let round = 0; round < 5; round++) verdicts.push(await store.take(claimsOn(perHour(4))));
      expect(verdicts.map(({ admitted }) => admitted)).toEqual([true, true, false, false, false]);
    });

    it('charges what was admitted locally to the shared bucket on return', async () => {
      const [store, other] = [instance(0), instance(1)];
      const claims = claimsOn(perHour(10));
      await store.take(claims);
      isAway = true;
      for (let round = 0; round < 4; round++) await store.take(claims);
      isAway = false;
      expect((await other.peek(claims)).states[0]?.remaining).toBe(9);
      expect((await store.take(claims)).states[0]?.remaining).toBe(4);
      expect((await other.take(claims)).states[0]?.remaining).toBe(3);
    });

    it('charges even when the returning request is refused, and never below empty', async () => {
      const clock = new FakeClock();
      const [store, other] = [instance(0, clock), instance(1, clock)];
      const limit = new Limit({ name: 'x', limit: 3, windowMs: 3000 }, 'redis');
      for (let round = 0; round < 3; round++) await other.take(claimsOn(limit));
      isAway = true;
      for (let round = 0; round < 9; round++) await store.take(claimsOn(limit));
      isAway = false;
      expect(await store.take(claimsOn(limit))).toMatchObject({ admitted: false, retryAfterMs: 1000 });
      await clock.advance(1000);
      expect((await store.take(claimsOn(limit))).admitted).toBe(true);
    });

    it('goes on with its share of what the shared bucket had left', async () => {
      const store = instance();
      const claims = claimsOn(perHour(10));
      instances = 3;
      for (let round = 0; round < 4; round++) await store.take(claims);
      isAway = true;
      const admitted = [];
      for (let round = 0; round < 5; round++) admitted.push((await store.take(claims)).admitted);
      expect(admitted).toEqual([true, true, false, false, false]);
    });

    it.each(algorithms)('gives nothing away to a caller who has used up a %s', async (algorithm) => {
      const store = instance();
      const limit = new Limit({ name: 'x', limit: 3, windowMs: 3_600_000, algorithm }, 'redis');
      for (let round = 0; round < 3; round++) await store.take(claimsOn(limit));
      isAway = true;
      expect(await store.take(claimsOn(limit))).toMatchObject({
        admitted: false,
        states: [{ remaining: 0 }],
      });
    });

    it('lets a debt age with its bucket', async () => {
      const clock = new FakeClock();
      const store = instance(0, clock);
      const limit = new Limit({ name: 'x', limit: 3, windowMs: 3000 }, 'redis');
      isAway = true;
      for (let round = 0; round < 3; round++) await store.take(claimsOn(limit));
      await clock.advance(2000);
      isAway = false;
      expect((await store.take(claimsOn(limit))).states[0]?.remaining).toBe(1);
    });
  });

  describe('when an answer comes after it was given up', () => {
    it('owes nothing for what Redis has counted', async () => {
      const store = instance();
      const claims = claimsOn(perHour(10));
      isLate = true;
      expect((await store.take(claims)).admitted).toBe(true);
      isLate = false;
      expect((await store.take(claims)).states[0]?.remaining).toBe(8);
    });

    it('owes what Redis has refused', async () => {
      const clock = new FakeClock();
      const [store, other] = [instance(0, clock), instance(1, clock)];
      const limit = new Limit({ name: 'x', limit: 3, windowMs: 3000 }, 'redis');
      for (let round = 0; round < 3; round++) await other.take(claimsOn(limit));
      isLate = true;
      expect((await store.take(claimsOn(limit))).admitted).toBe(true);
      isLate = false;
      await clock.advance(1000);
      expect((await store.take(claimsOn(limit))).admitted).toBe(false);
    });

    it('pays a debt once, though the answer to its payment was late', async () => {
      const store = instance();
      const claims = claimsOn(perHour(10));
      isAway = true;
      for (let round = 0; round < 4; round++) await store.take(claims);
      isAway = false;
      isLate = true;
      await store.peek(claims);
      isLate = false;
      expect((await store.peek(claims)).states[0]?.remaining).toBe(6);
    });
  });
});
