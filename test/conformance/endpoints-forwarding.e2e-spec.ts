import { createGateway, type Gateway } from '@facet/http';
import { HttpClient } from '@facet/testing/gateway';
import { exchange, testGatewayConfig } from '@facet/testing/http';
import { json, raw, ScriptedUpstream, text } from '@facet/testing/upstreams';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AppModule } from '../../apps/gateway-web/src/app.module.ts';

/** The forwarding lines of RFC 9110 and 9112 for endpoints: nothing of the client's head reaches an upstream by itself. */
const secret = 'a secret of tests, long enough for HS256';
const order = {
  id: 'ord_1',
  customerId: 'usr_1',
  status: 'placed',
  total: { amount: 100, currency: 'EUR' },
  items: [],
  placedAt: '2026-01-01T00:00:00.000Z',
};

let upstream: ScriptedUpstream;
let gateway: Gateway;
let client: HttpClient;
let token: string;

beforeAll(async () => {
  upstream = await ScriptedUpstream.start();
  const names = ['auth', 'orders', 'payments', 'shipping', 'catalog', 'users'];
  gateway = await createGateway(
    AppModule,
    testGatewayConfig({
      jwt: {
        issuer: 'https://issuer.test',
        audience: 'facet',
        algorithms: ['HS256'],
        keys: { secret },
        leewaySeconds: 5,
      },
      upstreams: Object.fromEntries(names.map((name) => [name, { url: upstream.url }])),
    }),
  );
  client = new HttpClient(gateway.url);
  token = await new SignJWT({ tier: 'premium', scope: 'orders:read orders:write', roles: ['customer'] })
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
    .setIssuer('https://issuer.test')
    .setAudience('facet')
    .setSubject('usr_1')
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(new TextEncoder().encode(secret));
});
afterAll(async () => {
  await client.close();
  await gateway.close();
  await upstream[Symbol.asyncDispose]();
});
beforeEach(() => {
  upstream.always(json(order));
  upstream.requests.length = 0;
});

const path = '/api/web/orders/ord_1';

describe('a call of an endpoint', () => {
  it('carries the verified identity and our own fields, and nothing of the client’s', async () => {
    await client.get(path, {
      token,
      headers: {
        cookie: 'a=1',
        'x-user-id': 'root',
        'x-user-tier': 'enterprise',
        'x-forwarded-for': '6.6.6.6',
        forwarded: 'for=6.6.6.6',
        'x-anything': '1',
        via: '1.0 fred',
        'x-http-method-override': 'DELETE',
      },
    });
    const [request] = await upstream.received(1);
    expect([request?.method, request?.header('x-user-id'), request?.header('x-user-tier')]).toEqual([
      'GET',
      'usr_1',
      'premium',
    ]);
    expect(request?.header('via')).toMatch(/1\.1 gateway-web$/);
    const sent = JSON.stringify(request?.headers);
    for (const foreign of ['6.6.6.6', 'root', 'a=1', 'x-anything', 'override', token])
      expect(sent).not.toContain(foreign);
  });

  it('can’t be stripped of them by Connection', async () => {
    const fields = `Host: gw\r\nAuthorization: Bearer ${token}\r\nConnection: close, X-User-Id, Via, X-Request-Id\r\n`;
    await exchange(gateway.url, `GET ${path} HTTP/1.1\r\n${fields}\r\n`);
    const [request] = await upstream.received(1);
    expect([request?.header('x-user-id'), request?.header('via')]).toEqual(['usr_1', '1.1 gateway-web']);
  });

  it.each([
    '/api/web/orders/a%2Fb',
    '/api/web/orders/%2e%2e',
    '/api/web/orders/a%5cb',
    '/api/web//orders/1',
    '/api/web/orders/a%00',
  ])('reaches no upstream by %s', async (target) => {
    const fields = `Host: gw\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n`;
    const answer = await exchange(gateway.url, `GET ${target} HTTP/1.1\r\n${fields}\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(upstream.requests).toHaveLength(0);
  });

  it('keeps a parameter to one encoded segment', async () => {
    await client.get('/api/web/orders/a%20b%3Fc', { token });
    const targets = upstream.requests.map(({ target }) => target);
    for (const target of targets) expect(target).toMatch(/^\/orders\/a%20b%3Fc(\?|$)/);
  });
});

describe('an answer to an endpoint', () => {
  it.each([
    ['garbage', 'nonsense\r\n\r\n'],
    [
      'two lengths',
      'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
    ],
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'less than it declared',
      'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{}',
    ],
    ['no JSON', 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\n<>'],
  ])('is 502 when it is %s', async (_, bytes) => {
    upstream.always(raw(bytes, 'end'));
    const answer = await client.get(path, { token });
    expect(answer.status).toBe(502);
    expect(answer.headers['proxy-status']).toContain('gateway-web; error=');
  });

  it('is never a redirect that was followed', async () => {
    upstream.always(text('', { status: 302, headers: { location: 'http://127.0.0.1:1/other' } }));
    expect((await client.get(path, { token })).status).toBe(502);
    expect(new Set(upstream.requests.map(({ target }) => target)).size).toBe(1);
  });

  it('carries none of the upstream’s own fields', async () => {
    upstream.always(
      json(order, {
        headers: { server: 'u/1', 'x-powered-by': 'php', 'set-cookie': 'a=1', 'x-internal': '1' },
      }),
    );
    const { headers } = await client.get(path, { token });
    for (const name of ['server', 'x-powered-by', 'set-cookie', 'x-internal'])
      expect(headers[name]).toBeUndefined();
  });
});
