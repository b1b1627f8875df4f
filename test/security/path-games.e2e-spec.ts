import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Family, startFamily } from '../support/family.ts';
import { spellingsOf } from '../support/path-spellings.ts';
import { bytesOf, onTheWire, type WireAnswer } from '../support/wire.ts';

const apps = ['web', 'mobile', 'admin'] as const;
type App = (typeof apps)[number];

let family: Family;
beforeAll(async () => {
  family = await startFamily(apps);
});
afterAll(() => family.stop());

/** Without a credential each of these is 401. */
const guarded: Readonly<Record<App, readonly string[]>> = {
  web: ['/api/web/user', '/api/web/orders', '/api/web/orders/ord_1', '/api/web/home', '/api/web/v1/orders'],
  mobile: ['/api/mobile/user', '/api/mobile/orders', '/api/mobile/home', '/api/mobile/v2/orders'],
  admin: ['/api/admin/users', '/api/admin/users/usr_free', '/api/admin/orders', '/api/admin/products'],
};

/** What the upstreams answer where nobody guards: if it shows, a guard was gone round. */
const isLeak = ({ status, text }: WireAnswer): boolean =>
  status < 300 && /"items"|"displayName"|"user"|"total"/.test(text);

function upstreamHits(): Record<string, number> {
  const { users, orders, shipping } = family.stack.services;
  return { ...users.hits(), ...orders.hits(), ...shipping.hits() };
}

describe.each(apps)('gateway-%s', (app) => {
  it.each(guarded[app])('guards %s in every spelling', async (path) => {
    const { url } = family[app].gateway;
    const list = spellingsOf(path);
    expect(list.length).toBeGreaterThanOrEqual(200);
    const statuses: Record<string, number> = {};
    const wrong: string[] = [];
    // One connection each, some at a time.
    for (let start = 0; start < list.length; start += 32) {
      await Promise.all(
        list.slice(start, start + 32).map(async (target) => {
          const [answer] = await onTheWire(url, bytesOf({ target }));
          if (answer === undefined) throw new Error(`no answer to ${target}`);
          statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
          const isPublic = answer.status === 200 && /\/products(?:[?;&]|$)/.test(target) && app !== 'admin';
          if (isLeak(answer) || (![400, 401, 404].includes(answer.status) && !isPublic))
            wrong.push(`${answer.status} ${target}`);
        }),
      );
    }
    expect(wrong).toEqual([]);
    // Some spellings mean the path itself and meet its guard; most are refused before.
    expect(statuses[401]).toBeGreaterThan(0);
    expect(statuses[400]).toBeGreaterThan(60);
    expect(upstreamHits()).toEqual({});
  });
});

describe('a path parameter', () => {
  it('is one segment of what an id may be, or refused', async () => {
    const { client } = family.mobile;
    const token = await client.login('/api/mobile', 'enterprise');
    const orders = family.stack.services.orders;
    orders.clearHits();
    for (const id of [
      '..',
      '.',
      '%2e%2e',
      'a%2fb',
      'a%5cb',
      'a%00',
      'a%3fb',
      'a%23b',
      'a@b',
      'a:80',
      '@evil.example',
      'http:%2f%2fevil.example',
      '%20',
      'a%0d%0ab',
      'a;b',
      '*',
      'a'.repeat(65),
    ]) {
      const [answer] = await onTheWire(
        family.mobile.gateway.url,
        bytesOf({ target: `/api/mobile/orders/${id}`, lines: [`Authorization: Bearer ${token}`] }),
      );
      expect([id, [400, 404].includes(answer?.status ?? 0)]).toEqual([id, true]);
    }
    expect(orders.hits()).toEqual({});
  });

  it('named as a member of every object is a record that does not exist', async () => {
    for (const id of ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']) {
      expect(await family.mobile.client.get(`/api/mobile/products/${id}`)).toMatchObject({ status: 404 });
    }
  });
});
