import { systemClock } from '@facet/context';
import { RedisConnection } from '@facet/store';
import { FakeClock } from '@facet/testing';
import { cacheStoreContract } from '@facet/testing/caching';
import { describeWithRedis, describeWithRedisProcess } from '@facet/testing/redis';
import { afterEach, describe, expect, it } from '@jest/globals';
import { HttpCache } from '../../http-cache.ts';
import { type CacheRecord, type StoredResponse, VaryMarker } from '../../stored-response.ts';
import { MemoryCacheStore } from '../memory.cache-store.ts';
import { look, storedAnswer } from '../stored-response.fixture.ts';
import { RecordCodec } from './record-codec.ts';
import { RedisCacheStore, type RedisCacheStoreParts } from './redis.cache-store.ts';

const opened: RedisConnection[] = [];
async function connect(url: string, gateway = `test-${Math.random()}`): Promise<RedisConnection> {
  const connection = await RedisConnection.open({ url, gateway, clock: systemClock });
  opened.push(connection);
  return connection;
}
const storeOf = (connection: RedisConnection, parts: Partial<RedisCacheStoreParts> = {}) =>
  new RedisCacheStore({ connection, clock: new FakeClock(), memory: new MemoryCacheStore(), ...parts });

afterEach(async () => {
  await Promise.all(opened.splice(0).map((connection) => connection.onApplicationShutdown()));
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

describeWithRedis('RedisCacheStore', (redis) => {
  cacheStoreContract<CacheRecord>('redis', {
    open: async () => storeOf(await connect(redis.url)),
    answer: storedAnswer,
    marker: (vary, labels) => new VaryMarker(vary, labels),
    look,
  });

  /** All that one gateway has in Redis, and what it says of it. */
  const inventory = async (connection: RedisConnection) => {
    const keys = await connection.execute((client) => client.keys(`${connection.key('cache:')}*`));
    const names = keys.map((key) => key.slice(connection.key('cache:').length));
    const total = await connection.execute((client) => client.get(connection.key('cache:total')));
    return {
      records: names.filter((name) => name.startsWith('record:')).length,
      names,
      total: Number(total),
    };
  };

  it('shares answers between instances, each on its own clock', async () => {
    const one = await connect(redis.url, 'shared');
    const clocks = [new FakeClock(), new FakeClock()] as const;
    await clocks[1].advance(1_000_000);
    clocks[1].jumpWallTo(clocks[0].now() + 10_000);
    await storeOf(one, { clock: clocks[0] }).set('a', storedAnswer(Buffer.from('x'), []));
    const found = (await storeOf(one, { clock: clocks[1] }).get('a')) as StoredResponse;
    const nowMs = clocks[1].monotonic();
    expect(found.ageSeconds(nowMs)).toBe(10);
    expect(found.head.freshUntilMs - nowMs).toBe(50_000);
    expect(found.head.staleWhileRevalidateUntilMs).toBe(-Infinity);
  });

  it('compresses what compression makes smaller', async () => {
    const connection = await connect(redis.url);
    const store = storeOf(connection);
    await store.set('text', storedAnswer(Buffer.from('text '.repeat(20_000)), []));
    expect((await inventory(connection)).total).toBeLessThan(3_000);
    const coded = storedAnswer(Buffer.alloc(5_000), [], { headers: [['Content-Encoding', 'gzip']] });
    await store.set('coded', coded);
    expect(look((await store.get('coded')) as StoredResponse)).toEqual(look(coded));
    expect((await inventory(connection)).total).toBeGreaterThan(5_000);
  });

  it('never holds more than its bytes, what ends first leaving first', async () => {
    const connection = await connect(redis.url);
    const store = storeOf(connection, { maxBytes: 20_000 });
    for (let index = 0; index < 40; index++) {
      const body = Buffer.from(Array.from({ length: 1_000 }, () => Math.floor(Math.random() * 256)));
      const answer = storedAnswer(body, ['t:all', `u:/${index}`], { freshUntilMs: 60_000 + 1_000 * index });
      await store.set(`key ${index}`, answer);
      expect((await inventory(connection)).total).toBeLessThanOrEqual(20_000);
    }
    expect([await store.get('key 0'), await store.get('key 39')]).toEqual([undefined, expect.anything()]);
    const { records } = await inventory(connection);
    expect(await store.purge('t:all')).toBe(records);
    expect(await inventory(connection)).toEqual({ records: 0, names: ['total'], total: 0 });
  });

  it('clears away what has ended, labels included', async () => {
    const connection = await connect(redis.url);
    const store = storeOf(connection);
    const brief = { etag: undefined, freshUntilMs: 20, staleIfErrorUntilMs: -Infinity } as never;
    await store.set('brief', storedAnswer(Buffer.from('x'), ['t:brief'], brief));
    while ((await inventory(connection)).records > 0);
    await store.set('next', storedAnswer(Buffer.from('y'), []));
    const { names } = await inventory(connection);
    expect(names.filter((name) => name.startsWith('label:'))).toEqual([]);
    expect(names.filter((name) => name.startsWith('record:'))).toHaveLength(1);
  });

  it('does not store what takes too long to carry', async () => {
    const connection = await connect(redis.url);
    const store = storeOf(connection, { maxRecordBytes: 1_000 });
    await store.set('a', storedAnswer(Buffer.from('small'), []));
    await store.set(
      'a',
      storedAnswer(Buffer.from(Array.from({ length: 2_000 }, () => Math.random() * 256)), []),
    );
    expect(await store.get('a')).toBeUndefined();
  });

  it('takes nothing it did not write for an answer', async () => {
    const connection = await connect(redis.url);
    const store = storeOf(connection);
    await store.set('a', storedAnswer(Buffer.from('x'.repeat(5_000)), []));
    const [key = ''] = await connection.execute((client) =>
      client.keys(`${connection.key('cache:record:')}*`),
    );
    const bytes = (await connection.execute((client) => client.getBuffer(key))) as Buffer;
    for (const broken of [
      Buffer.from('x'),
      bytes.subarray(0, 40),
      bytes.subarray(0, -3),
      Buffer.from([9, 9, 9, 9, 9, 9]),
    ]) {
      await connection.execute((client) => client.set(key, broken));
      expect(await store.get('a')).toBeUndefined();
    }
  });

  it('serves a cache: one request of many instances’ after another', async () => {
    const connection = await connect(redis.url);
    let made = 0;
    const instance = () =>
      new HttpCache({ clock: systemClock, store: storeOf(connection, { clock: systemClock }) });
    for (const cache of [instance(), instance(), instance()]) {
      const response = await cache.handle(
        {
          route: '/a',
          scope: 'a',
          method: 'GET',
          origin: 'http://o.test',
          path: '/a',
          headers: [['Accept', 'x']],
          identityKey: '',
          hasAuthorization: false,
          signal: new AbortController().signal,
        },
        { identity: 'public' },
        () => {
          made++;
          const headers = [
            ['Cache-Control', 'max-age=60'],
            ['Vary', 'Accept'],
          ] as const;
          return Promise.resolve({ status: 200, headers, body: Buffer.from('body') });
        },
      );
      expect(response.body.toString()).toBe('body');
    }
    expect(made).toBe(1);
  });
});

describeWithRedisProcess('RedisCacheStore when Redis fails', (server) => {
  it('keeps to its own memory, and forgets that when Redis is back', async () => {
    const connection = await connect(server().url);
    const store = storeOf(connection);
    await store.set('before', storedAnswer(Buffer.from('before'), []));
    await server().kill();
    await until(() => !connection.available);
    expect(await store.get('before')).toBeUndefined();
    await store.set('during', storedAnswer(Buffer.from('during'), ['t:x']));
    expect(await store.get('during')).toBeDefined();
    expect(await store.purge('t:x')).toBe(1);
    await store.set('during', storedAnswer(Buffer.from('during'), []));
    await server().start();
    await until(() => connection.available);
    expect(await store.get('during')).toBeUndefined();
    await server().kill();
    await until(() => !connection.available);
    expect(await store.get('during')).toBeUndefined();
    await server().start();
  });

  it('believes nothing older than a purge that did not get through', async () => {
    const connection = await connect(server().url);
    const clock = new FakeClock();
    const store = storeOf(connection, { clock });
    await store.set('a', storedAnswer(Buffer.from('old'), ['t:x']));
    server().pause();
    await store.purge('t:x');
    server().resume();
    await until(() => connection.available);
    expect(await store.get('a')).toBeUndefined();
    await clock.advance(1);
    await store.set('a', storedAnswer(Buffer.from('new'), ['t:x']));
    expect(await store.get('a')).toBeDefined();
  });
});

describe('RecordCodec', () => {
  it('bounds what it inflates by the size that was written', async () => {
    const codec = new RecordCodec(new FakeClock());
    const bytes = await codec.encode(storedAnswer(Buffer.alloc(5_000_000), []));
    const text = bytes.toString('latin1').replace('"bodyBytes":5000000', '"bodyBytes":5000001');
    expect(await codec.decode(Buffer.from(text, 'latin1'))).toBeUndefined();
    const less = bytes.toString('latin1').replace('"bodyBytes":5000000', '"bodyBytes":10     ');
    await expect(codec.decode(Buffer.from(less, 'latin1'))).rejects.toThrow('larger than');
  });
});
