import { HttpClient } from '@facet/testing/gateway';
import { exchange } from '@facet/testing/http';
import { type Answer, hangUp, json, ScriptedUpstream, text, when } from '@facet/testing/upstreams';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RouteGateway } from '../support/route-gateway.ts';

let upstream: ScriptedUpstream;
let gateway: RouteGateway;
let client: HttpClient;
let management: HttpClient;
let paths = 0;

beforeAll(async () => {
  upstream = await ScriptedUpstream.start();
  const route = (id: string, policy: object) => ({
    id,
    path: `/${id}/*`,
    upstream: upstream.url,
    auth: 'public',
    limits: 'off',
    compression: 'off',
    ...policy,
  });
  gateway = await RouteGateway.start({
    file: JSON.stringify({
      prefix: '',
      routes: [
        route('public', { cache: { identity: 'public' } }),
        route('hour', { cache: { identity: 'public', ttlSeconds: 3600, tags: ['things'] } }),
        route('deaf', { cache: { identity: 'public', clientDirectives: 'ignore' } }),
        route('tier', { auth: 'jwt', cache: { identity: 'perTier', ttlSeconds: 60 } }),
        route('subject', { auth: 'jwt', cache: { identity: 'perSubject', ttlSeconds: 60 } }),
        route('uncached', { auth: 'jwt' }),
        route('relay', { cache: { identity: 'public' }, forwardCredentials: ['authorization'] }),
        route('named', {
          auth: 'any',
          cache: { identity: 'public', ttlSeconds: 60 },
          response: { headers: { set: { 'x-for': '${principal.subject}' } } },
        }),
      ],
    }),
  });
  client = new HttpClient(gateway.url);
  management = new HttpClient(gateway.managementUrl);
});
afterAll(async () => {
  await client.close();
  await management.close();
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});
beforeEach(() => {
  upstream.always(text('x'));
  upstream.requests.length = 0;
});

/** A path nobody has asked for. */
const fresh = (route: string) => `/${route}/${++paths}`;
const cacheable = (headers: Record<string, string>): Answer => json({ n: 1 }, { headers });
/** Says who asked, as the upstream was told. */
const whoAsks: Answer = (socket, request) => text(request.header('x-user-id') ?? 'nobody')(socket, request);

describe('a cached route', () => {
  it('goes by the origin’s headers alone when it has no time of its own', async () => {
    upstream.always(cacheable({ 'cache-control': 'max-age=60' }));
    const path = fresh('public');
    const first = await client.get(path);
    expect(first.headers['cache-status']).toBe('gateway-web; fwd=uri-miss; fwd-status=200; stored');
    const second = await client.get(path);
    expect(second.headers['cache-status']).toMatch(/^gateway-web; hit; ttl=\d+/);
    expect(second.headers['age']).toMatch(/^\d+$/);
    expect(second.json).toEqual({ n: 1 });
    expect(upstream.requests).toHaveLength(1);
    expect(gateway.log.slice(-2).map(({ cache }) => cache)).toEqual(['miss', 'hit']);

    upstream.always(cacheable({ 'cache-control': 'no-store' }));
    const other = fresh('public');
    await client.get(other);
    await client.get(other);
    expect(upstream.requests).toHaveLength(3);
  });

  it('goes by its own time when it has one', async () => {
    const path = fresh('hour');
    await client.get(path);
    expect((await client.get(path)).headers['cache-status']).toMatch(/hit; ttl=3[56]\d\d/);
  });

  it('hears what clients say to caches, unless it is told not to', async () => {
    upstream.always(cacheable({ 'cache-control': 'max-age=60' }));
    for (const [route, requests] of [
      ['public', 3],
      ['deaf', 1],
    ] as const) {
      upstream.requests.length = 0;
      const path = fresh(route);
      await client.get(path);
      for (const control of ['no-cache', 'no-store'])
        await client.get(path, { headers: { 'cache-control': control } });
      expect([route, upstream.requests.length]).toEqual([route, requests]);
    }
  });

  it('answers HEAD and conditions out of the store', async () => {
    upstream.always(cacheable({ 'cache-control': 'max-age=60', etag: '"v1"' }));
    const path = fresh('public');
    await client.get(path);
    const head = await client.call('HEAD', path);
    expect([head.status, head.headers['content-length']]).toEqual([200, '7']);
    const same = await client.get(path, { headers: { 'if-none-match': '"v1"' } });
    expect([same.status, same.text, same.headers['etag']]).toEqual([304, '', '"v1"']);
    expect(upstream.requests).toHaveLength(1);
  });

  it('asks once for 1,000 who ask at the same time', async () => {
    const opened = Promise.withResolvers<void>();
    upstream.next(when(opened.promise, cacheable({ 'cache-control': 'max-age=60' })));
    const path = fresh('public');
    const answers = Promise.all(Array.from({ length: 1000 }, () => client.get(path)));
    await upstream.received(1);
    opened.resolve();
    const statuses = new Set((await answers).map(({ status, text: body }) => `${status} ${body}`));
    expect([...statuses]).toEqual(['200 {"n":1}']);
    expect(upstream.requests).toHaveLength(1);
  });

  it('serves a stale copy while the upstream is away, when the origin allows it', async () => {
    upstream.next(cacheable({ 'cache-control': 'max-age=0, stale-if-error=60' }));
    const path = fresh('public');
    await client.get(path);
    upstream.always(hangUp);
    const stale = await client.get(path);
    expect([stale.status, stale.json]).toEqual([200, { n: 1 }]);
    expect(gateway.log.at(-1)).toMatchObject({ cache: 'stale' });
  });

  it.each(['public', 'relay'])(
    'of a request with an unknown Authorization stores what says it may (%s)',
    async (route) => {
      const fetched = async (control: string) => {
        upstream.always(cacheable({ 'cache-control': control }));
        upstream.requests.length = 0;
        const path = fresh(route);
        await client.get(path, { headers: { authorization: 'FOO' } });
        await client.get(path);
        return upstream.requests.length;
      };
      expect(await fetched('max-age=60')).toBe(2);
      expect(await fetched('max-age=60, public')).toBe(1);
      expect(await fetched('max-age=60, must-revalidate')).toBe(1);
      expect(await fetched('s-maxage=60')).toBe(1);
    },
  );

  it('serves it while the circuit is open too, and says 503 where it may not', async () => {
    upstream.next(cacheable({ 'cache-control': 'max-age=0, stale-if-error=60' }));
    const path = fresh('public');
    await client.get(path);
    const hold = (state: string) =>
      management.call('PUT', '/breakers/route-public', { body: { hold: state } });
    expect((await hold('open')).status).toBe(200);
    try {
      const stale = await client.get(path);
      expect([stale.status, stale.json, stale.headers['cache-status']]).toEqual([
        200,
        { n: 1 },
        expect.stringContaining('fwd=stale'),
      ]);
      expect((await client.get(fresh('public'))).status).toBe(503);
    } finally {
      await hold('auto');
    }
    expect(upstream.requests).toHaveLength(1);
  });

  it('forgets what a write has changed, and what an operator purges', async () => {
    upstream.always(cacheable({ 'cache-control': 'max-age=60' }));
    const path = fresh('public');
    await client.get(path);
    await client.post(path, {});
    await client.get(path);
    expect(upstream.requests).toHaveLength(3);
    const tagged = fresh('hour');
    await client.get(tagged);
    expect((await management.post('/cache/purge', { tag: 'things' })).json.purged).toBeGreaterThan(0);
    await client.get(tagged);
    expect(upstream.requests).toHaveLength(5);
  });

  it('passes a body that is longer than it would keep', async () => {
    const body = 'x'.repeat(3 * 1024 * 1024);
    upstream.always(text(body, { headers: { 'cache-control': 'max-age=60' } }));
    const path = fresh('public');
    expect((await client.get(path)).text === body).toBe(true);
    expect((await client.get(path)).text === body).toBe(true);
    expect(upstream.requests).toHaveLength(2);
  });

  it('is never poisoned by another host, a forwarding field or an identity that was claimed', async () => {
    upstream.always((socket, request) =>
      text(request.header('x-forwarded-host') ?? '', { headers: { 'cache-control': 'max-age=60' } })(
        socket,
        request,
      ),
    );
    const path = fresh('public');
    const evil = await client.get(path, { headers: { host: 'evil.test', 'x-forwarded-host': 'evil.test' } });
    expect(evil.text).toBe('evil.test');
    expect((await client.get(path)).text).toBe(new URL(gateway.url).host);
  });

  it('tells the upstream the host that the answer is kept for, where target and Host differ', async () => {
    upstream.always((socket, request) =>
      text(`${request.header('x-forwarded-host')} ${request.header('forwarded')}`, {
        headers: { 'cache-control': 'max-age=60' },
      })(socket, request),
    );
    const path = fresh('public');
    const bytes = `GET http://shop.example${path} HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n`;
    const answer = await exchange(gateway.url, bytes);
    expect(answer).toMatch(/\r\n\r\nshop\.example [^\r\n]*host="?shop\.example/);
    expect(answer).not.toContain('evil.test');
  });

  it('judges Vary by what the upstream sees', async () => {
    upstream.always((socket, request) =>
      text(request.header('accept-language') ?? '-', {
        headers: { 'cache-control': 'max-age=60', vary: 'Accept-Language' },
      })(socket, request),
    );
    const path = fresh('public');
    const ask = async (language: string) =>
      (await client.get(path, { headers: { 'accept-language': language } })).text;
    expect([await ask('en'), await ask('de'), await ask('en')]).toEqual(['en', 'de', 'en']);
    expect(upstream.requests).toHaveLength(2);
  });

  it('keeps answers to Authorization only when the origin says public', async () => {
    const headers = { authorization: 'FOO' };
    upstream.always(cacheable({ 'cache-control': 'max-age=60' }));
    const path = fresh('relay');
    await client.get(path, { headers });
    await client.get(path);
    expect(upstream.requests).toHaveLength(2);
    expect(upstream.requests[0]?.header('authorization')).toBe('FOO');
    upstream.always(cacheable({ 'cache-control': 'public, max-age=60' }));
    const open = fresh('relay');
    await client.get(open, { headers });
    await client.get(open);
    expect(upstream.requests).toHaveLength(3);
  });

  it('applies the response rules to each answer, stored or not', async () => {
    const path = fresh('named');
    const ask = async (sub: string) =>
      (await client.get(path, { token: await gateway.token({ sub }) })).headers['x-for'];
    expect([await ask('ann'), await ask('bob')]).toEqual(['ann', 'bob']);
    expect(upstream.requests).toHaveLength(1);
  });
});

describe('who may share', () => {
  it('is a tier', async () => {
    const path = fresh('tier');
    const ask = async (sub: string, tier: string) =>
      client.get(path, { token: await gateway.token({ sub, tier }) });
    await ask('ann', 'paid');
    await ask('bob', 'paid');
    expect(upstream.requests).toHaveLength(1);
    await ask('eve', 'premium');
    expect(upstream.requests).toHaveLength(2);
  });

  it.each(['subject', 'uncached'])('is nobody else on /%s, however two alternate', async (route) => {
    upstream.always(whoAsks);
    const path = fresh(route);
    const tokens = new Map<string, string>();
    for (const sub of ['ann', 'bob']) tokens.set(sub, await gateway.token({ sub, tier: 'enterprise' }));
    const foreign: string[] = [];
    const alternate = async (): Promise<void> => {
      for (let turn = 0; turn < 100; turn++) {
        for (const [sub, token] of tokens) {
          const { text: body } = await client.get(path, { token });
          if (body !== sub) foreign.push(`${sub} got ${body}`);
        }
      }
    };
    await Promise.all(Array.from({ length: 8 }, alternate));
    expect(foreign).toEqual([]);
    expect(upstream.requests).toHaveLength(route === 'subject' ? 2 : 1600);
  });
});
