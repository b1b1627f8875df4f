import { join } from 'node:path';
import { type Answer } from '@facet/testing/gateway';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Family, startFamily } from '../support/family.ts';

/** free and anonymous: one request an hour, three at once. */
const tight = join(import.meta.dirname, '../support/tight-tiers.json');
const hour = 3600;

let family: Family;
beforeAll(async () => {
  family = await startFamily(['mobile'], { TIERS_FILE: tight, TRUSTED_PROXIES: '127.0.0.1' });
});
afterAll(() => family.stop());

const products = '/api/mobile/products?limit=1';
const from = (address: string, path = products): Promise<Answer> =>
  family.mobile.client.get(path, { headers: { 'x-forwarded-for': address } });

interface Item {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number>>;
}

/** A list of structured-field strings with integer parameters (RFC 9651), strictly. */
function itemsOf(field: unknown): Item[] {
  const text = String(field);
  expect(text).toMatch(
    /^"[ -!#-[\]-~]+"(;[a-z*][a-z0-9_.*-]*=\d{1,15})*(, "[ -!#-[\]-~]+"(;[a-z*][a-z0-9_.*-]*=\d{1,15})*)*$/,
  );
  return text.split(', ').map((item) => {
    const [name = '', ...parameters] = item.split(';');
    return {
      name: name.slice(1, -1),
      parameters: Object.fromEntries(parameters.map((one) => [one.split('=')[0], Number(one.split('=')[1])])),
    };
  });
}

describe('RateLimit and RateLimit-Policy', () => {
  it('tell what is left, and at 0 the next is 429', async () => {
    const left: unknown[] = [];
    for (let index = 0; index < 3; index++) {
      const { status, headers } = await from('192.0.2.1');
      expect(status).toBe(200);
      expect(itemsOf(headers['ratelimit-policy'])).toEqual([
        { name: 'anonymous', parameters: { q: 1, w: hour, 'facet-burst': 3 } },
      ]);
      const [item] = itemsOf(headers['ratelimit']);
      expect(item?.name).toBe('anonymous');
      left.push(item?.parameters['r']);
      expect(item?.parameters['t']).toBeGreaterThan(0);
    }
    expect(left).toEqual([2, 1, 0]);
    expect((await from('192.0.2.1')).status).toBe(429);
  });

  it('are on the refusal too, which never names an earlier time than the reset', async () => {
    for (let index = 0; index < 3; index++) await from('192.0.2.2');
    const refused = await from('192.0.2.2');
    const [item] = itemsOf(refused.headers['ratelimit']);
    expect(refused.json).toMatchObject({ reason: 'rate_limited', status: 429 });
    expect(item?.parameters['r']).toBe(0);
    const seconds = Number(refused.headers['retry-after']);
    expect(seconds).toBeGreaterThan(hour - 30);
    expect(seconds).toBeLessThanOrEqual(hour);
    expect(seconds).toBe(refused.json.retryAfter);
    expect(seconds).toBeGreaterThanOrEqual(item?.parameters['t'] ?? Infinity);
  });

  it('do not move because of refusals: they consume nothing', async () => {
    for (let index = 0; index < 3; index++) await from('192.0.2.3');
    const waits: number[] = [];
    for (let index = 0; index < 30; index++)
      waits.push(Number((await from('192.0.2.3')).headers['retry-after']));
    expect(Math.max(...waits)).toBe(waits[0]);
  });

  it('are the own ones of each caller on an answer from the cache', async () => {
    const first = await from('192.0.2.4');
    const second = await from('192.0.2.4');
    const other = await from('192.0.2.5');
    expect(second.headers['cache-status']).toMatch(/hit/);
    expect(
      [first, second, other].map(({ headers }) => itemsOf(headers['ratelimit'])[0]?.parameters['r']),
    ).toEqual([2, 1, 2]);
  });

  it('invent no number for who has none', async () => {
    const token = await family.mobile.client.login('/api/mobile', 'enterprise');
    const { status, headers } = await family.mobile.client.get('/api/mobile/user', { token });
    expect(status).toBe(200);
    expect(Object.keys(headers).filter((name) => name.includes('ratelimit'))).toEqual([]);
  });

  it('name every limit of an endpoint, of which one refusal takes from none', async () => {
    const login = (username: string, address: string): Promise<Answer> =>
      family.mobile.client.post(
        '/api/mobile/auth/login',
        { username, password: 'wrong' },
        { headers: { 'x-forwarded-for': address } },
      );
    const first = await login('victim', '198.51.100.1');
    expect(itemsOf(first.headers['ratelimit-policy']).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['login-address', 'login-username']),
    );

    // 10 a minute per user name, from wherever; a bit comes back while it runs.
    const statuses: number[] = [];
    for (let host = 2; host <= 16; host++)
      statuses.push((await login(host % 2 ? 'Victim ' : 'victim', `198.51.100.${host}`)).status);
    expect(statuses.slice(0, 9)).toEqual(Array(9).fill(401));
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(4);
    // The refused ones cost their addresses nothing.
    const fresh = await login('somebody', '198.51.100.16');
    const address = itemsOf(fresh.headers['ratelimit']).find(({ name }) => name === 'login-address');
    expect(address?.parameters['r']).toBe(9);
  });
});

describe('X-RateLimit-*', () => {
  it('is off unless asked for', async () => {
    const { headers } = await from('192.0.2.6');
    expect(Object.keys(headers).filter((name) => name.startsWith('x-ratelimit'))).toEqual([]);
    const legacy = await startFamily(['web'], { TIERS_FILE: tight, RATE_LIMIT_LEGACY_HEADERS: 'on' });
    try {
      const answer = await legacy.web.client.get('/api/web/products?limit=1');
      expect(answer.headers).toMatchObject({
        'x-ratelimit-limit': '1',
        'x-ratelimit-remaining': '2',
        'x-ratelimit-reset': expect.stringMatching(/^\d+$/),
      });
      expect(answer.headers['ratelimit']).toBeDefined();
    } finally {
      await legacy.stop();
    }
  });
});
