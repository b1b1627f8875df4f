import { join } from 'node:path';
import { type Answer } from '@facet/testing/gateway';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Family, startFamily } from '../support/family.ts';

const shop = 'https://shop.example';
const products = '/api/mobile/products';

let family: Family;
let token: string;
beforeAll(async () => {
  family = await startFamily(['mobile'], {
    CORS_ORIGINS: `${shop},http://localhost:5173`,
    TIERS_FILE: join(import.meta.dirname, '../support/tight-tiers.json'),
  });
  token = await family.mobile.client.login('/api/mobile', 'enterprise');
});
afterAll(() => family.stop());

const get = (path: string, origin: string, headers: Record<string, string> = {}): Promise<Answer> =>
  family.mobile.client.get(path, { token, headers: { origin, ...headers } });
const preflight = (path: string, origin: string, headers: Record<string, string> = {}): Promise<Answer> =>
  family.mobile.client.call('OPTIONS', path, {
    headers: { origin, 'access-control-request-method': 'GET', ...headers },
  });

const corsFields = ({ headers }: Answer): string[] =>
  Object.keys(headers).filter((name) => name.startsWith('access-control-'));

describe('a known origin', () => {
  it.each([shop, 'http://localhost:5173'])(
    '%s may read, by its own name and without credentials mode',
    async (origin) => {
      const { status, headers } = await get(products, origin);
      expect(status).toBe(200);
      expect(headers['access-control-allow-origin']).toBe(origin);
      expect(headers['access-control-allow-credentials']).toBeUndefined();
      expect(headers['access-control-expose-headers']).toMatch(/X-Request-Id/);
      expect(headers['vary']).toMatch(/(^|, )Origin(,|$)/);
    },
  );

  it('may read refusals too: 400, 401, 403, 404, 405, 415, 429 and 503', async () => {
    const { client } = family.mobile;
    const headers = { origin: shop };
    const free = await client.login('/api/mobile', 'free');
    family.stack.services.orders.setFaults({ status: 503 });
    const answers = [
      await client.get('/api/mobile/orders?limit=0', { token, headers }),
      await client.get('/api/mobile/orders', { headers }),
      await client.post('/api/mobile/payments/charge', {}, { token, headers }),
      await client.get('/api/mobile/nothing', { headers }),
      await client.call('DELETE', products, { headers }),
      await client.post('/api/mobile/auth/login', '{}', {
        headers: { ...headers, 'content-type': 'text/plain' },
      }),
      await client.get('/api/mobile/orders', { token, headers }),
      ...(await Promise.all(
        Array.from({ length: 5 }, () => client.get('/api/mobile/user', { token: free, headers })),
      )),
      await client.get('/api/mobile/orders', { headers: { ...headers, x_bad: '1' } }),
    ];
    family.stack.services.orders.clearFaults();
    const refused = answers.filter(({ status }) => status >= 400);
    expect(new Set(refused.map(({ status }) => status))).toEqual(
      new Set([400, 401, 404, 405, 415, 429, 503]),
    );
    for (const { headers: fields } of refused) {
      expect(fields['access-control-allow-origin']).toBe(shop);
      expect(fields['vary']).toMatch(/Origin/);
    }
  });

  it('is told by a preflight what it may send, on endpoints with guards too', async () => {
    for (const path of [
      '/api/mobile/orders',
      '/api/mobile/payments/charge',
      '/api/mobile/v1/orders',
      products,
    ]) {
      const answer = await preflight(path, shop, { 'access-control-request-headers': 'authorization' });
      expect([path, answer.status, answer.text]).toEqual([path, 204, '']);
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': shop,
        'access-control-allow-methods': expect.stringContaining('POST'),
        'access-control-allow-headers': expect.stringContaining('Authorization'),
        'access-control-max-age': expect.stringMatching(/^\d+$/),
        vary: expect.stringMatching(/Origin.*Access-Control-Request-Method.*Access-Control-Request-Headers/),
      });
      expect(answer.headers['access-control-allow-headers']).not.toContain('*');
      expect(answer.headers['access-control-allow-methods']).not.toContain('*');
    }
    expect(family.stack.services.payments.hits()).toEqual({});
  });
});

describe('no other origin', () => {
  it.each([
    'null',
    'https://shop.example.evil.test',
    'https://evil-shop.example',
    'https://sub.shop.example',
    'https://shop.example:8443',
    'https://shop.example:443',
    'http://shop.example',
    'https://SHOP.EXAMPLE',
    'https://shop.example/',
    'https://shop.example.',
    'https://shop.example@evil.test',
    'https://shop.example%60.evil.test',
    'https://shop.example_.evil.test',
    'https://shopXexample',
    'file://',
    'chrome-extension://shop.example',
    '*',
    'https://shop.example,https://evil.test',
    ' ',
  ])('%s gets a word of permission, in an answer, a refusal or a preflight', async (origin) => {
    const answers = [
      await get(products, origin),
      await family.mobile.client.get('/api/mobile/orders', { headers: { origin } }),
      await preflight(products, origin),
      await preflight('/api/mobile/nothing', origin),
      await preflight(products, origin, { 'access-control-request-private-network': 'true' }),
    ];
    expect(answers.map(corsFields)).toEqual([[], [], [], [], []]);
    expect(JSON.stringify(answers)).not.toContain('evil');
    // A cache must not hand this answer to the shop.
    expect(answers[0]?.headers['vary']).toMatch(/Origin/);
  });

  it('without one, the answer varies by it all the same', async () => {
    const { headers } = await family.mobile.client.get(products, { token });
    expect(headers['vary']).toMatch(/Origin/);
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('a gateway without origins', () => {
  it('gives nobody permission', async () => {
    const closed = await startFamily(['web']);
    try {
      const answer = await closed.web.client.get('/api/web/products', { headers: { origin: shop } });
      const asked = await closed.web.client.call('OPTIONS', '/api/web/orders', {
        headers: { origin: shop, 'access-control-request-method': 'GET' },
      });
      expect([answer, asked].map(corsFields)).toEqual([[], []]);
    } finally {
      await closed.stop();
    }
  });
});
