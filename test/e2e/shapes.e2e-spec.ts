import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer } from '@facet/testing/gateway';
import { type Family, startFamily } from '../support/family.ts';

let family: Family;
let growing: Server;
let token: string;
let adminToken: string;

/** An orders service that has learnt a new field since the gateways were written. */
function growingOrders(): Server {
  const cases = join(import.meta.dirname, '../cases/orders/upstream.json');
  const known = JSON.parse(readFileSync(cases, 'utf8')) as Record<string, unknown>;
  const order = { ...known, customerId: 'usr_premium', loyaltyPoints: 4711 };
  return createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const body = path === '/orders' ? { items: [order], nextCursor: null, total: 1 } : order;
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  });
}

beforeAll(async () => {
  growing = growingOrders().listen(0, '127.0.0.1');
  await new Promise((resolve) => growing.once('listening', resolve));
  family = await startFamily(['web', 'mobile', 'admin']);
  token = await family.web.client.login('/api/web', 'premium');
  adminToken = await family.admin.client.login('/api/admin', 'admin');
});
afterAll(async () => {
  await family.stop();
  growing.close();
});

const identity = { 'accept-encoding': 'identity' };

describe('the same orders', () => {
  it('are six fields on mobile, at most a quarter of the bytes of web', async () => {
    const [web, mobile] = await Promise.all([
      family.web.client.get('/api/web/orders?limit=10', { token, headers: identity }),
      family.mobile.client.get('/api/mobile/orders?limit=10', { token, headers: identity }),
    ]);
    expect(mobile.json.items).toHaveLength(10);
    for (const order of mobile.json.items) {
      expect(Object.keys(order).sort()).toEqual([
        'currency',
        'id',
        'itemCount',
        'placedAt',
        'status',
        'total',
      ]);
    }
    expect(mobile.json.items.map((order: { id: string }) => order.id)).toEqual(
      web.json.items.map((order: { id: string }) => order.id),
    );
    expect(mobile.text.length).toBeLessThanOrEqual(web.text.length * 0.25);
  });

  it('have internal fields for admins only', async () => {
    const { items } = (await family.web.client.get('/api/web/orders', { token })).json;
    const admin = await family.admin.client.get(`/api/admin/orders/${items[0].id}`, { token: adminToken });
    expect(admin.json.internal).toBeDefined();
    const web = await family.web.client.get(`/api/web/orders/${items[0].id}`, { token });
    expect(web.text).not.toMatch(/internal|costPrice|margin|riskScore/);
  });

  it('are only the own ones but for admins', async () => {
    const { items } = (await family.admin.client.get('/api/admin/orders?limit=100', { token: adminToken }))
      .json;
    const foreign = items.find((order: { customerId: string }) => order.customerId !== 'usr_premium');
    expect(foreign).toBeDefined();
    const answer = await family.mobile.client.get(`/api/mobile/orders/${foreign.id}`, { token });
    expect(answer).toMatchObject({ status: 404, json: { reason: 'not_found' } });
  });
});

describe('a field that the upstream adds', () => {
  it('appears in admin only', async () => {
    const url = `http://127.0.0.1:${(growing.address() as AddressInfo).port}`;
    const later = await startFamily(['web', 'mobile', 'admin'], { UPSTREAM_ORDERS_URL: url });
    try {
      const login = await later.web.client.login('/api/web', 'premium');
      const adminLogin = await later.admin.client.login('/api/admin', 'admin');
      const web = await later.web.client.get('/api/web/orders', { token: login });
      const mobile = await later.mobile.client.get('/api/mobile/orders', { token: login });
      const admin = await later.admin.client.get('/api/admin/orders', { token: adminLogin });
      expect([web.status, mobile.status, admin.status]).toEqual([200, 200, 200]);
      expect([web.text, mobile.text, admin.text].map((text) => text.includes('loyaltyPoints'))).toEqual([
        false,
        false,
        true,
      ]);
    } finally {
      await later.stop();
    }
  });
});

describe('lists', () => {
  it('page through with an opaque cursor and end with null', async () => {
    const ids = new Set<string>();
    let cursor: string | null = null;
    let answer: Answer;
    do {
      const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      answer = await family.mobile.client.get(`/api/mobile/orders?limit=5${query}`, { token });
      for (const order of answer.json.items) ids.add(order.id);
      cursor = answer.json.nextCursor;
    } while (cursor !== null);
    expect(ids.size).toBeGreaterThanOrEqual(12);
  });
});

describe('answers', () => {
  it('have a validator, and 304 for those who have them already', async () => {
    const first = await family.mobile.client.get('/api/mobile/orders', { token });
    const etag = String(first.headers['etag']);
    const again = await family.mobile.client.get('/api/mobile/orders', {
      token,
      headers: { 'if-none-match': etag },
    });
    expect(again).toMatchObject({ status: 304, text: '' });
    expect(again.headers['etag']).toBe(etag);
  });

  it('are compressed when large, and say no more of the server than they must', async () => {
    const answer = await family.web.client.get('/api/web/orders?limit=50', {
      token,
      headers: { 'accept-encoding': 'br, gzip' },
    });
    expect(answer.headers['content-encoding']).toBe('br');
    expect(answer.headers['vary']).toMatch(/accept-encoding/i);
    expect(answer.headers['server']).toBeUndefined();
    expect(answer.headers['x-powered-by']).toBeUndefined();
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers['cache-control']).toContain('no-store');
  });

  it('of the catalog may be cached for an hour on web and mobile, not on admin', async () => {
    const [web, mobile, admin] = await Promise.all([
      family.web.client.get('/api/web/products'),
      family.mobile.client.get('/api/mobile/products'),
      family.admin.client.get('/api/admin/products', { token: adminToken }),
    ]);
    expect(web.headers['cache-control']).toContain('max-age=3600');
    expect(mobile.headers['cache-control']).toContain('max-age=3600');
    expect(admin.headers['cache-control']).toContain('no-store');
    expect(web.headers['cache-status']).toMatch(/; (hit|fwd=)/);
    expect((await family.web.client.get('/api/web/products')).headers['cache-status']).toContain('; hit');
    expect(mobile.text).not.toMatch(/internal|supplier|"large"/);
    expect(admin.json.items[0].internal.stock).toEqual(expect.any(Number));
  });
});

describe('GET /home', () => {
  it('is one screen for each client', async () => {
    const [web, mobile] = await Promise.all([
      family.web.client.get('/api/web/home', { token }),
      family.mobile.client.get('/api/mobile/home', { token }),
    ]);
    expect(Object.keys(web.json)).toEqual(expect.arrayContaining(['user', 'orders', 'shipments', 'offers']));
    expect(mobile.json.orders.length).toBeLessThanOrEqual(3);
    expect(mobile.json.offers.length).toBeLessThanOrEqual(3);
    expect(Object.keys(mobile.json)).toEqual(
      expect.arrayContaining(['user', 'orders', 'nextDelivery', 'offers']),
    );
  });

  it('goes on without an optional part and names the gap', async () => {
    family.stack.services.shipping.setFaults({ status: 500, errorRate: 1 });
    try {
      const { status, json } = await family.web.client.get('/api/web/home', { token });
      expect(status).toBe(200);
      expect(json.partial).toBe(true);
      expect(json.parts.map((gap: { part: string }) => gap.part)).toContain('shipments');
    } finally {
      family.stack.services.shipping.clearFaults();
    }
  });
});
