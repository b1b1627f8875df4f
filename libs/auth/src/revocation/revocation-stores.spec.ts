import { systemClock } from '@facet/context';
import { describeRevocationStore } from '@facet/testing/auth';
import { describeWithRedis } from '@facet/testing/redis';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { MemoryRevocationStore } from './memory-revocation.store.ts';
import { RedisRevocationStore } from './redis-revocation.store.ts';
import { type Revocation } from './revocation.ts';

describeRevocationStore('MemoryRevocationStore', () => new MemoryRevocationStore());

describeWithRedis('RedisRevocationStore', (server) => {
  let redis: Redis;
  beforeAll(() => {
    redis = new Redis(server.url);
  });
  afterAll(() => redis.disconnect());

  /** Instances of one family share its keys. */
  function family(tag = `{${Math.random()}}`): () => RedisRevocationStore {
    const connection = {
      familyKey: (name: string) => `${tag}:${name}`,
      execute: <T>(command: (client: Redis) => Promise<T>) => command(redis),
    };
    return () => new RedisRevocationStore(connection, systemClock);
  }
  const revocation = (id: string, lastsMs = 60_000): Revocation => {
    const atMs = Date.now();
    return { kind: 'session', id, atMs, untilMs: atMs + lastsMs };
  };

  describeRevocationStore('RedisRevocationStore', () => family()());

  it('tells every instance, whenever it came', async () => {
    const join = family();
    const [first, second] = [join(), join()];
    const added = [revocation('s1'), revocation('s2')];
    await first.add([added[0]!]);
    expect((await second.news()).added).toEqual([added[0]]);
    await first.add([added[1]!]);
    expect((await second.news()).added).toEqual([added[1]]);
    expect((await join().news()).added).toEqual(added);
  });

  it('keeps nothing that has ended', async () => {
    const join = family();
    await join().add([revocation('ended', -1), revocation('lasting')]);
    await join().add([revocation('another')]);
    expect((await join().news()).added.map(({ id }) => id)).toEqual(['lasting', 'another']);
  });

  it.each([
    ['parts of a millisecond', { atMs: 1.25, untilMs: Date.now() + 60_000.5 }],
    ['times beyond all calendars', { atMs: -1e15, untilMs: 1e300 }],
  ])('tells %s: claims of a token may hold any number', async (_, times) => {
    const join = family();
    await join().add([{ ...revocation('s1'), ...times }]);
    const { added } = await join().news();
    expect(added.map(({ id }) => id)).toEqual(['s1']);
    expect(added[0]!.untilMs).toBeGreaterThanOrEqual(Math.min(times.untilMs, Number.MAX_SAFE_INTEGER));
  });

  it('says when it has lost what it was told, and reads on from the start', async () => {
    const tag = `{${Math.random()}}`;
    const join = family(tag);
    const [first, second] = [join(), join()];
    for (const id of ['s1', 's2', 's3']) await first.add([revocation(id)]);
    await second.news();
    await redis.del(await redis.keys(`${tag}:*`));
    expect(await second.news()).toEqual({ added: [], hasLost: true, hasMore: false });
    const again = revocation('s4');
    await first.add([again]);
    expect(await second.news()).toEqual({ added: [again], hasLost: false, hasMore: false });
  });

  it('costs nothing to add twice', async () => {
    const join = family();
    const twice = revocation('s1');
    await join().add([twice, twice]);
    await join().add([twice]);
    expect((await join().news()).added).toEqual([twice]);
  });
});
