import { anonymous, Deadline, type Principal } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { CallStage, Latencies } from '@facet/resilience';
import { FakeClock, testContext } from '@facet/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type CachePolicy } from '../cache-policy.ts';
import { HttpCache } from '../http-cache.ts';
import { MemoryCacheStore } from '../store/memory.cache-store.ts';
import { type CacheableAnswer, type CacheableCall } from './json-call.ts';
import { JsonCaching } from './json-caching.ts';
import { ServedAnswer } from './served-answer.ts';

class TestCall implements CacheableCall<TestCall> {
  readonly parts: CacheableCall<TestCall>['parts'];
  readonly signal: AbortSignal;
  readonly deadline = Deadline.after(clock, 10_000);
  readonly latencies = new Latencies();

  constructor(parts: TestCall['parts'], signal = new AbortController().signal) {
    this.parts = parts;
    this.signal = signal;
  }

  detached(signal: AbortSignal): TestCall {
    return new TestCall(this.parts, signal);
  }
}

class Upstream extends CallStage<TestCall, CacheableAnswer> {
  readonly calls: TestCall[] = [];
  answer: (call: TestCall) => CacheableAnswer = () => answer(200, { made: this.calls.length });

  override run(call: TestCall): Promise<CacheableAnswer> {
    this.calls.push(call);
    return Promise.resolve().then(() => this.answer(call));
  }
}

const answer = (status: number, body: unknown, headers: CacheableAnswer['headers'] = {}): CacheableAnswer =>
  new ServedAnswer(status, headers, body);
const products: CachePolicy = { identity: 'public', ttlMs: 60_000, tags: ['products'] };

let clock: FakeClock;
let upstream: Upstream;
let cache: HttpCache;
let stage: CallStage<TestCall, CacheableAnswer>;

beforeEach(() => {
  clock = new FakeClock();
  upstream = new Upstream();
  cache = new HttpCache({ clock, store: new MemoryCacheStore() });
  const json = new JsonCaching();
  stage = json.stage('catalog')(upstream);
  json.use(cache);
});

const call = (path: string, parts: Partial<TestCall['parts']> = {}) =>
  new TestCall({
    context: testContext({ clock }),
    method: 'GET',
    path,
    headers: [],
    cache: products,
    ...parts,
  });

describe('JsonCacheStage', () => {
  it('answers again with the same body, shared and unchangeable', async () => {
    const first = await stage.run(call('/products'));
    await clock.advance(5_000);
    const context = testContext({ clock });
    const second = await stage.run(call('/products', { context }));
    expect(second.body).toBe(first.body);
    expect(second).toMatchObject({
      status: 200,
      headers: { age: '5', 'cache-status': 'facet; hit; ttl=55' },
    });
    expect(() => Object.assign(second.body as object, { made: 0 })).toThrow(TypeError);
    expect([upstream.calls.length, context.decisions.cache]).toEqual([1, 'hit']);
  });

  it('leaves calls without a policy alone', async () => {
    await stage.run(call('/products', { cache: undefined }));
    await stage.run(call('/products', { cache: undefined }));
    expect(upstream.calls).toHaveLength(2);
  });

  it('makes one call of many, also of different callers', async () => {
    const asked = Array.from({ length: 100 }, (_, index) =>
      stage.run(call('/products', { context: testContext({ clock, principal: user(`u${index}`) }) })),
    );
    expect(new Set((await Promise.all(asked)).map(({ body }) => body)).size).toBe(1);
    expect(upstream.calls).toHaveLength(1);
  });

  it.each<[CachePolicy['identity'], number]>([
    ['public', 1],
    ['perTier', 2],
    ['perSubject', 3],
  ])('shares by identity: %s', async (identity, made) => {
    for (const principal of [user('a', 'free'), user('b', 'free'), user('c', 'paid'), user('a', 'free')]) {
      const context = testContext({ clock, principal });
      await stage.run(call('/products', { context, cache: { ...products, identity } }));
    }
    expect(upstream.calls).toHaveLength(made);
  });

  it('keeps nothing of a caller without subject, and nothing between scopes of one', async () => {
    const own: CachePolicy = { ...products, identity: 'perSubject' };
    for (const principal of [anonymous, anonymous, user('a'), { ...user('a'), scopes: ['admin'] }]) {
      await stage.run(call('/me', { context: testContext({ clock, principal }), cache: own }));
    }
    expect(upstream.calls).toHaveLength(4);
  });

  it('passes failures on as they came, kept by nobody', async () => {
    upstream.answer = () => answer(503, undefined, { 'retry-after': '7', 'cache-control': 'max-age=60' });
    const failures = [await stage.run(call('/products')), await stage.run(call('/products'))];
    expect(failures).toMatchObject([{ status: 503, headers: { 'retry-after': '7' } }, { status: 503 }]);
    expect(upstream.calls).toHaveLength(2);
  });

  it('stands in for an upstream that fails, while the policy allows it', async () => {
    const lenient = { ...products, staleIfErrorMs: 60_000 };
    await stage.run(call('/products', { cache: lenient }));
    await clock.advance(61_000);
    upstream.answer = () => answer(500, undefined);
    expect(await stage.run(call('/products', { cache: lenient }))).toMatchObject({ body: { made: 1 } });
    upstream.answer = () => {
      throw new GatewayError('upstream_unavailable');
    };
    const context = testContext({ clock });
    expect(await stage.run(call('/products', { cache: lenient, context }))).toMatchObject({
      body: { made: 1 },
    });
    expect(context.decisions.cache).toBe('stale');
    await clock.advance(60_000);
    await expect(stage.run(call('/products', { cache: lenient }))).rejects.toMatchObject({
      reason: 'upstream_unavailable',
    });
  });

  it('forgets what a write changes, and hands the write’s answer through untouched', async () => {
    await stage.run(call('/products/1'));
    const created = answer(200, { changed: true });
    upstream.answer = () => created;
    expect(await stage.run(call('/products/1', { method: 'PATCH', cache: undefined }))).toBe(created);
    expect(await stage.run(call('/products/1'))).toMatchObject({ body: { changed: true } });
    expect(upstream.calls).toHaveLength(3);
  });

  it('forgets what a route to the same upstream changes', async () => {
    const json = new JsonCaching([{ name: 'catalog', url: 'http://127.0.0.1:4005/base/' }]);
    json.use(cache);
    const declared = json.stage('catalog')(upstream);
    await declared.run(call('/base/products/1'));
    const written = {
      route: '/*',
      scope: 'a route',
      method: 'PUT',
      origin: 'http://127.0.0.1:4005',
    } as const;
    await cache.handle(
      {
        ...written,
        path: '/base/products/1',
        headers: [],
        identityKey: '',
        hasAuthorization: false,
        signal: new AbortController().signal,
      },
      { identity: 'public' },
      () => Promise.resolve({ status: 204, headers: [], body: Buffer.alloc(0) }),
    );
    await declared.run(call('/base/products/1'));
    expect(upstream.calls).toHaveLength(2);
  });

  it('tells answers apart by the fields and statuses the caller reads', async () => {
    upstream.answer = () => answer(200, {}, { vary: 'Accept-Language' });
    await stage.run(call('/products', { headers: ['accept-language', 'de'] }));
    await stage.run(call('/products', { headers: ['accept-language', 'en'] }));
    await stage.run(call('/products', { headers: ['accept-language', 'de'] }));
    await stage.run(call('/products', { headers: ['accept-language', 'de'], acceptStatuses: [404] }));
    expect(upstream.calls).toHaveLength(3);
  });

  it('tells answers apart by what their callers read of them, and forgets them together', async () => {
    upstream.answer = ({ parts }) => answer(200, { read: parts.reader?.key ?? 'all' });
    const ask = async () => {
      const readers = [undefined, { key: '(id)' }, { key: '(id,total)' }];
      const asked = readers.map((reader) => stage.run(call('/products', { reader })));
      return (await Promise.all(asked)).map(({ body }) => body);
    };
    const bodies = [{ read: 'all' }, { read: '(id)' }, { read: '(id,total)' }];
    expect([await ask(), await ask()]).toEqual([bodies, bodies]);
    expect(upstream.calls).toHaveLength(3);
    await stage.run(call('/products', { method: 'POST', cache: undefined, reader: { key: '(id)' } }));
    expect(await ask()).toEqual(bodies);
    expect(upstream.calls).toHaveLength(7);
  });

  it('is purged by tag', async () => {
    await stage.run(call('/products'));
    expect(await cache.purge({ tag: 'products' })).toBe(1);
    await stage.run(call('/products'));
    expect(upstream.calls).toHaveLength(2);
  });

  it('says so when it was never given a cache', async () => {
    const unused = new JsonCaching().stage('catalog')(upstream);
    await expect(unused.run(call('/products'))).rejects.toThrow('hand it to CachingModule');
  });
});

function user(subject: string, tier: Principal['tier'] = 'free'): Principal {
  return { kind: 'bearer', subject, tier, scopes: [], roles: [] };
}
