import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { HttpClient } from '@facet/testing/gateway';
import { json, ScriptedUpstream } from '@facet/testing/upstreams';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RouteGateway } from '../support/route-gateway.ts';
import { StoppedClock } from '../support/stopped-clock.ts';

const placeholder = 'http://127.0.0.1:5000';
const keys = { shop: 'fk_test_shop_000000000001', partner: 'fk_test_partner_0000000002' };

let upstream: ScriptedUpstream;
let gateway: RouteGateway;
let client: HttpClient;

/** Starts a gateway on an example as it stands in the folder, but for the address of the upstream. */
async function start(example: string): Promise<void> {
  const file = readFileSync(new URL(`../../docs/examples/${example}.yaml`, import.meta.url), 'utf8');
  gateway = await RouteGateway.start({
    file: file.replaceAll(placeholder, upstream.url),
    upstreams: ['auth', 'orders', 'payments'].map((name) => ({ name, url: `${upstream.url}/${name}` })),
    clock: new StoppedClock(),
    values: { upstreamToken: 'the-gateway-s-own' },
    config: {
      apiKeys: {
        entries: Object.entries(keys).map(([subject, key]) => ({
          id: `key-${subject}`,
          sha256: createHash('sha256').update(key).digest('hex'),
          subject,
          tier: 'paid',
          scopes: ['catalog.read', ...(subject === 'partner' ? ['reports.read'] : [])],
        })),
      },
    },
  });
  client = new HttpClient(gateway.url);
}

beforeEach(async () => {
  upstream = await ScriptedUpstream.start(json({ hello: 'world' }));
});
afterEach(async () => {
  await client.close();
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

/** So many calls at once; how many were let through. */
async function admitted(calls: number, call: () => Promise<{ status: number }>): Promise<number> {
  const answers = await Promise.all(Array.from({ length: calls }, call));
  expect(answers.every(({ status }) => status === 200 || status === 429)).toBe(true);
  return answers.filter(({ status }) => status === 200).length;
}

describe('a-hello', () => {
  it('answers with the header set, and refuses the quick caller', async () => {
    await start('a-hello');
    upstream.always(json({ hello: 'world' }, { headers: { 'My-Service': 'something else' } }));
    const first = await client.get('/api/hello');
    expect([first.status, first.json, first.headers['my-service']]).toEqual([
      200,
      { hello: 'world' },
      'hello',
    ]);
    await client.get('/api/hello');
    await client.get('/api/hello');
    const fourth = await client.get('/api/hello');
    expect(fourth.status).toBe(429);
    expect(fourth.json).toMatchObject({ message: 'Too Many Requests', code: 429 });
    expect(fourth.headers['retry-after']).toBe('1');
    expect(upstream.requests.map(({ target }) => target)).toEqual(['/api/hello']);
  });

  it('has no other path and no other method', async () => {
    await start('a-hello');
    expect((await client.get('/hello')).status).toBe(404);
    expect((await client.get('/api/other')).status).toBe(404);
    expect((await client.post('/api/hello', {})).headers['allow']).toBe('GET, HEAD, OPTIONS');
  });
});

describe('b-storefront', () => {
  beforeEach(() => start('b-storefront'));

  it('lets everybody sign in, 20 at once', async () => {
    expect(await admitted(25, () => client.post('/shop/auth/login', {}))).toBe(20);
    expect(upstream.requests[0]?.target).toBe('/auth/login');
  });

  it('wants a verified token for orders, 10 at once for each subject', async () => {
    expect((await client.get('/shop/orders')).status).toBe(401);
    expect((await client.get('/shop/orders', { token: 'e30.e30.e30' })).status).toBe(401);
    expect((await client.get('/shop/orders', { apiKey: keys.shop })).status).toBe(401);
    expect(upstream.requests).toHaveLength(0);
    const [ann, bob] = [await gateway.token({ sub: 'ann' }), await gateway.token({ sub: 'bob' })];
    expect(await admitted(14, () => client.get('/shop/orders/7?x=1', { token: ann }))).toBe(10);
    expect((await client.get('/shop/orders', { token: bob })).status).toBe(200);
    expect(upstream.requests[0]?.target).toBe('/orders/orders/7?x=1');
  });

  it('wants an API key for payments, 100 a second', async () => {
    expect((await client.get('/shop/payments')).status).toBe(401);
    expect((await client.get('/shop/payments', { token: await gateway.token() })).status).toBe(401);
    expect(await admitted(110, () => client.get('/shop/payments', { apiKey: keys.shop }))).toBe(100);
    expect((await client.get('/shop/payments', { apiKey: keys.partner })).status).toBe(200);
  });

  it('tells the upstream who asked, and believes nobody else', async () => {
    await client.get('/shop/auth/x', { headers: { 'x-forwarded-for': '6.6.6.6', forwarded: 'for=6.6.6.6' } });
    const request = upstream.requests[0];
    expect(request?.header('x-forwarded-for')).toBe('127.0.0.1');
    expect(request?.header('x-forwarded-proto')).toBe('http');
    expect(request?.header('x-forwarded-host')).toBe(new URL(gateway.url).host);
    expect(request?.header('forwarded')).toContain('for=127.0.0.1');
  });

  it('has nothing else', async () => {
    for (const path of ['/', '/shop', '/shop/users', '/orders']) {
      expect((await client.get(path)).json.reason).toBe('not_found');
    }
    expect(upstream.requests).toHaveLength(0);
  });
});

describe('c-per-service-policies', () => {
  beforeEach(() => start('c-per-service-policies'));

  it('counts by user and by key, each consumer alone', async () => {
    expect(await admitted(105, () => client.get('/v1/catalog/1', { apiKey: keys.shop }))).toBe(100);
    const other = await client.get('/v1/catalog/1', { apiKey: keys.partner });
    expect(other.status).toBe(200);
    expect(other.headers['ratelimit-policy']).toBe(
      '"catalog-subject";q=100;w=60, "catalog-key";q=1000;w=3600',
    );
  });

  it('changes requests and answers', async () => {
    upstream.always(json({}, { headers: { 'x-internal-cost': '3', vary: 'Accept' } }));
    const answer = await client.get('/v1/catalog/shoes?debug=1&size=42', {
      apiKey: keys.shop,
      headers: { 'x-debug': '1', 'x-client-version': '5', 'x-consumer': 'root' },
    });
    const request = upstream.requests[0];
    expect(request?.target).toBe('/catalog/shoes?size=42&region=eu');
    expect(request?.header('x-app-version')).toBe('5');
    expect([request?.header('x-debug'), request?.header('x-client-version')]).toEqual([undefined, undefined]);
    expect([request?.header('x-consumer'), request?.header('x-consumer-tier')]).toEqual(['shop', 'paid']);
    expect(request?.header('accept-language')).toBe('en');
    expect(answer.headers).toMatchObject({ 'x-served-by': 'catalog' });
    expect(answer.headers['x-internal-cost']).toBeUndefined();
    expect(answer.headers['vary']).toMatch(/Accept, ?X-Consumer/);
  });

  it('lets the listed origins in, and no other', async () => {
    const origin = async (value: string) =>
      (await client.get('/v1/catalog/1', { apiKey: keys.shop, headers: { origin: value } })).headers[
        'access-control-allow-origin'
      ];
    expect(await origin('https://shop.example')).toBe('https://shop.example');
    expect(await origin('https://admin.shop.example')).toBe('https://admin.shop.example');
    expect(await origin('https://evil.example')).toBeUndefined();
  });

  it('knows consumers by their keys and scopes', async () => {
    expect((await client.get('/v1/reports/2025/sales', { apiKey: keys.shop })).status).toBe(403);
    expect((await client.get('/v1/reports/2025/sales', { apiKey: keys.partner })).status).toBe(200);
    expect(upstream.requests[0]?.target).toBe('/archive/sales/2025');
    expect((await client.get('/v1/reports/2025/sales', { apiKey: `${keys.partner}x` })).status).toBe(401);
  });

  it('writes each request into the access log, without the key', async () => {
    await client.get('/v1/catalog/1', { apiKey: keys.shop });
    expect(gateway.log.at(-1)).toMatchObject({
      route: '/v1/catalog/*',
      method: 'GET',
      status: 200,
      tier: 'paid',
      principal: { kind: 'apiKey', subject: 'shop' },
    });
    expect(JSON.stringify(gateway.log)).not.toContain(keys.shop);
  });
});

describe('d-token-relay', () => {
  it('keeps the client’s token and shows the gateway’s own', async () => {
    await start('d-token-relay');
    const token = await gateway.token({ sub: 'ann', scope: 'ledger.read' });
    expect((await client.get('/relay/ledger/1', { token })).status).toBe(200);
    const request = upstream.requests[0];
    expect(request?.target).toBe('/ledger/1');
    expect(request?.header('authorization')).toBe('Bearer the-gateway-s-own');
    expect(JSON.stringify(request?.headers)).not.toContain(token);
    expect([request?.header('x-user-id'), request?.header('x-user-scopes')]).toEqual(['ann', 'ledger.read']);
    expect((await client.get('/relay/ledger/1')).status).toBe(401);
    expect(upstream.requests).toHaveLength(1);
  });
});

describe('e-shared-cache', () => {
  const answering = (headers: Record<string, string>): void => upstream.always(json({ n: 1 }, { headers }));
  const asked = async (path: string, headers: Record<string, string> = {}): Promise<number> => {
    upstream.requests.length = 0;
    await client.get(path, { headers });
    return upstream.requests.length;
  };

  it('keeps what the site lets it keep, cookies too, and nothing else', async () => {
    await start('e-shared-cache');
    answering({ 'cache-control': 'max-age=60', 'set-cookie': 'a=1' });
    expect([await asked('/kept'), await asked('/kept', { cookie: 'b=2' })]).toEqual([1, 0]);
    answering({});
    expect([await asked('/silent'), await asked('/silent')]).toEqual([1, 1]);
  });

  it('keeps answers to credentials where the site says that they are for all', async () => {
    await start('e-shared-cache');
    const headers = { authorization: 'FOO' };
    answering({ 'cache-control': 'max-age=60' });
    expect([await asked('/own', headers), await asked('/own')]).toEqual([1, 1]);
    answering({ 'cache-control': 'max-age=60, public' });
    expect([await asked('/shared', headers), await asked('/shared')]).toEqual([1, 0]);
  });

  it('forgets what a write changes, by any method', async () => {
    await start('e-shared-cache');
    answering({ 'cache-control': 'max-age=60' });
    await client.get('/page');
    expect((await client.call('M-SEARCH', '/page')).status).toBe(200);
    expect(await asked('/page')).toBe(1);
  });
});
