import { join } from 'node:path';
import { gunzipSync, brotliDecompressSync } from 'node:zlib';
import { type Answer } from '@facet/testing/gateway';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from 'undici';
import { type Family, startFamily } from '../support/family.ts';
import { bytesOf, onTheWire } from '../support/wire.ts';

let family: Family;
let token: string;
let closed: Family;
beforeAll(async () => {
  family = await startFamily(['web'], {
    TIERS_FILE: join(import.meta.dirname, '../support/unlimited-tiers.json'),
    TRUSTED_PROXIES: '127.0.0.1',
  });
  closed = await startFamily(['mobile']);
  token = await family.web.client.login('/api/web', 'enterprise');
});
afterAll(async () => {
  await family.stop();
  await closed.stop();
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  family.web.client.get(`/api/web${path}`, { token, headers });
const post = (path: string, body: unknown): Promise<Answer> =>
  family.web.client.post(`/api/web${path}`, body, { token });

/** Answers of every kind: made by a controller, a hook, the server, or on the bare socket. */
const kinds: [name: string, answer: () => Promise<Answer>][] = [
  ['a public answer', () => family.web.client.get('/api/web/products')],
  ['an authenticated answer', () => get('/orders')],
  ['a created one', () => post('/orders', { items: [{ productId: 'prd_0001', quantity: 1 }] })],
  ['a login', () => family.web.client.post('/api/web/auth/login', { username: 'premium', password: 'demo' })],
  ['health', () => family.web.client.get('/health')],
  ['OPTIONS', () => family.web.client.call('OPTIONS', '/api/web/orders')],
  ['HEAD', () => family.web.client.call('HEAD', '/api/web/products')],
  ['400', () => get('/orders?limit=0')],
  ['401', () => family.web.client.get('/api/web/orders')],
  ['404', () => get('/nothing')],
  ['405', () => family.web.client.call('DELETE', '/api/web/orders')],
  [
    '415',
    () => family.web.client.post('/api/web/auth/login', 'a', { headers: { 'content-type': 'text/plain' } }),
  ],
  ['400 of the parser', () => first('garbage\r\n\r\n')],
  ['431 of the parser', () => first(bytesOf({ target: '/', lines: [`X-A: ${'a'.repeat(17_000)}`] }))],
  ['501 of the parser', () => first('BREW / HTTP/1.1\r\nHost: a\r\n\r\n')],
  ['501 on the socket', () => first('CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n')],
  ['414', () => first(bytesOf({ target: `/${'a'.repeat(9_000)}` }))],
];

async function first(bytes: string): Promise<Answer> {
  const [answer] = await onTheWire(family.web.gateway.url, bytes);
  if (answer === undefined) throw new Error('no answer');
  return answer;
}

describe('every answer', () => {
  it.each(kinds)('protects itself: %s', async (_name, ask) => {
    const { headers } = await ask();
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'x-request-id': expect.stringMatching(/^[\w.-]{1,64}$/),
      date: expect.stringMatching(/ GMT$/),
    });
    for (const name of [
      'server',
      'x-powered-by',
      'x-xss-protection',
      'expires',
      'pragma',
      'strict-transport-security',
    ]) {
      expect([name, headers[name]]).toEqual([name, undefined]);
    }
    expect(JSON.stringify(headers)).not.toMatch(/fastify|nest|node|undici|express/i);
  });

  it('is secure for a year where a trusted proxy speaks TLS, refusals too', async () => {
    const https = { 'x-forwarded-proto': 'https' };
    for (const answer of [await get('/orders', https), await get('/nothing', https)]) {
      expect(answer.headers['strict-transport-security']).toMatch(/^max-age=31536000/);
    }
    const stranger = await closed.mobile.client.get('/health', { headers: https });
    expect(stranger.headers['strict-transport-security']).toBeUndefined();
  });
});

describe('Cache-Control', () => {
  it.each([
    ['/orders', 'no-store'],
    ['/user', 'no-store'],
    ['/orders?limit=0', 'no-store'],
    ['/nothing', 'no-store'],
    ['/products', 'public, max-age=3600'],
    ['/products/prd_0001', 'public, max-age=3600'],
    ['/products/nothing', 'no-store'],
    ['/products?limit=0', 'no-store'],
  ])('of %s is %s', async (path, expected) => {
    expect((await get(path)).headers['cache-control']).toBe(expected);
  });

  it('keeps a screen with its user', async () => {
    const { headers } = await get('/home');
    expect(headers['cache-control']).toMatch(/no-store|private/);
    if (!/no-store/.test(String(headers['cache-control']))) expect(headers['vary']).toMatch(/Authorization/);
  });

  it('of a login keeps the tokens nowhere', async () => {
    const { headers } = await family.web.client.post('/api/web/auth/login', {
      username: 'paid',
      password: 'demo',
    });
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['set-cookie']).toBeUndefined();
  });
});

describe('content coding', () => {
  const coded = async (acceptEncoding: string, path = '/products?limit=50') => {
    const { headers, body } = await request(`${family.web.gateway.url}/api/web${path}`, {
      headers: { 'accept-encoding': acceptEncoding },
    });
    return { headers, bytes: Buffer.from(await body.arrayBuffer()) };
  };

  it('is what the client prefers, and the same bytes inside', async () => {
    const plain = await coded('identity');
    const br = await coded('gzip, br');
    const gzip = await coded('gzip;q=1, br;q=0.5');
    expect([plain, br, gzip].map(({ headers }) => headers['content-encoding'])).toEqual([
      undefined,
      'br',
      'gzip',
    ]);
    expect(brotliDecompressSync(br.bytes).equals(plain.bytes)).toBe(true);
    expect(gunzipSync(gzip.bytes).equals(plain.bytes)).toBe(true);
    for (const { headers } of [plain, br, gzip]) expect(headers['vary']).toMatch(/Accept-Encoding/);
  });

  it.each(['identity', '', 'br;q=0, gzip;q=0', 'deflate', 'zstd', 'br;q=2', '*;q=0', 'x'.repeat(3_000)])(
    'is none for %s',
    async (acceptEncoding) => {
      expect((await coded(acceptEncoding)).headers['content-encoding']).toBeUndefined();
    },
  );
});

describe('the public port', () => {
  it('has nothing for operators', async () => {
    for (const path of [
      '/metrics',
      '/health/live',
      '/health/ready',
      '/health/deps',
      '/breakers',
      '/breakers/orders',
      '/docs',
      '/api',
      '/',
      '/favicon.ico',
      '/.env',
      '/api/web',
      '/api/web/',
      '/api/mobile/orders',
    ]) {
      expect([path, (await family.web.client.get(path)).status]).toEqual([path, 404]);
    }
  });
});

describe('the management port', () => {
  it('answers no page that has pointed its own name at it', async () => {
    const { managementUrl } = family.web.gateway;
    const statusFor = async (host: string, path: string): Promise<number> => {
      const { statusCode, body } = await request(managementUrl + path, { headers: { host } });
      await body.dump();
      return statusCode;
    };
    for (const path of ['/health/ready', '/metrics', '/routes']) {
      expect([path, await statusFor('rebind.evil.example:9100', path)]).toEqual([path, 403]);
      expect([path, await statusFor('gateway-web.shop.svc:9100', path)]).not.toEqual([path, 403]);
    }
  });

  it('takes no orders from a page in a browser', async () => {
    const { managementUrl } = family.web.gateway;
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]) {
      const { statusCode, body } = await request(`${managementUrl}/breakers/orders/reset`, {
        method: 'POST',
        headers,
      });
      await body.dump();
      expect([headers, statusCode]).toEqual([headers, 403]);
    }
  });
});
