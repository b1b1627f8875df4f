import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../call.fixture.ts';
import { type DevStack, startDevStack } from '../dev-stack.ts';
import { type Product } from '../model.ts';

describe('catalog', () => {
  let stack: DevStack<'catalog'>;
  let url: string;
  beforeAll(async () => {
    stack = await startDevStack({ services: ['catalog'] });
    url = stack.urls.catalog;
  });
  afterAll(() => stack.stop());

  it('lists products by category, each with a thumbnail, cost and stock', async () => {
    const { body } = await call(`${url}/products?category=audio&limit=100`);
    const items = body.items as Product[];
    expect(items).toHaveLength(body.total);
    expect(new Set(items.map(({ category }) => category))).toEqual(new Set(['audio']));
    for (const { images, internal, price } of items) {
      expect(images.map(({ size }) => size)).toEqual(['thumbnail', 'small', 'large', 'original']);
      expect(internal.cost.amount).toBeLessThan(price.amount);
      expect(internal.stock).toBeGreaterThanOrEqual(0);
    }
  });

  it.each(['/products?limit=3', '/products/prd_0001', '/offers?limit=3'])(
    '%s may be stored by anyone and is revalidated by its ETag',
    async (path) => {
      const { headers } = await call(`${url}${path}`);
      const etag = headers['etag'] ?? '';
      expect(headers['cache-control']).toMatch(/^public, max-age=\d+$/);
      expect(etag).toMatch(/^"[\w-]+"$/);
      const repeated = await call(`${url}${path}`, { headers: { 'if-none-match': `"other", W/${etag}` } });
      expect([repeated.status, repeated.headers['etag'], repeated.body]).toEqual([304, etag, undefined]);
      expect((await call(`${url}${path}`, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
    },
  );

  it('pages products', async () => {
    const first = (await call(`${url}/products?limit=2`)).body;
    const second = (await call(`${url}/products?limit=2&cursor=${first.nextCursor}`)).body;
    expect([...first.items, ...second.items].map(({ id }: Product) => id)).toEqual([
      'prd_0001',
      'prd_0002',
      'prd_0003',
      'prd_0004',
    ]);
  });

  it('has cheaper prices in its offers', async () => {
    const { items } = (await call(`${url}/offers`)).body;
    for (const { price, originalPrice } of items) expect(price.amount).toBeLessThan(originalPrice.amount);
  });

  it('stores no refusal: 404 and 400 are not cacheable', async () => {
    for (const [path, status] of [
      ['/products/prd_none', 404],
      ['/products?limit=0', 400],
    ] as const) {
      const answer = await call(`${url}${path}`);
      expect([answer.status, answer.headers['cache-control']]).toEqual([status, 'no-store']);
    }
  });
});
