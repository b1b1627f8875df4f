import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../call.fixture.ts';
import { type DevStack, startDevStack } from '../dev-stack.ts';
import { type Order, type Page } from '../model.ts';

describe('orders', () => {
  let stack: DevStack;
  let url: string;
  beforeAll(async () => {
    stack = await startDevStack();
    url = stack.urls.orders;
  });
  afterAll(() => stack.stop());

  const page = async (query: string): Promise<Page<Order>> => (await call(`${url}/orders?${query}`)).body;
  const place = (json: unknown, headers: Record<string, string> = {}) =>
    call(`${url}/orders`, { method: 'POST', json, headers });

  it('lists the orders of one customer, newest first', async () => {
    const { items, total } = await page('customerId=usr_premium&limit=100');
    expect(total).toBeGreaterThanOrEqual(12);
    expect(items).toHaveLength(total);
    expect(new Set(items.map(({ customerId }) => customerId))).toEqual(new Set(['usr_premium']));
    const placed = items.map(({ placedAt }) => placedAt);
    expect(placed).toEqual(placed.toSorted().toReversed());
  });

  it('lists everybody without a customer, and by status', async () => {
    expect((await page('')).total).toBeGreaterThanOrEqual(2_000);
    expect((await page('')).items).toHaveLength(20);
    const { items } = await page('status=shipped&limit=5');
    expect(items.map(({ status }) => status)).toEqual(Array(5).fill('shipped'));
  });

  it('pages without loss or repetition, also when an order is placed meanwhile', async () => {
    const { items: all } = await page('customerId=usr_paid&limit=100');
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query = `customerId=usr_paid&limit=7${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const { items, nextCursor }: Page<Order> = await page(query);
      seen.push(...items.map(({ id }) => id));
      await place({ customerId: 'usr_paid', items: [{ productId: 'prd_0001', quantity: 1 }] });
      cursor = nextCursor;
    }
    expect(seen).toEqual(all.map(({ id }) => id));
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=ten',
    'limit=1&limit=2',
    'cursor=nonsense',
    `cursor=${Buffer.from('after:ord_1').toString('base64url')}`,
    'status=lost',
    `customerId=${'x'.repeat(201)}`,
  ])('refuses the query %s', async (query) => {
    expect((await call(`${url}/orders?${query}`)).status).toBe(400);
  });

  it('shows one order with its internal members, and 404 for none', async () => {
    const { body } = await call(`${url}/orders/ord_100001`);
    expect(body).toMatchObject({ id: 'ord_100001', internal: { riskScore: expect.any(Number) } });
    expect(body.items[0].costPrice.amount).toBeGreaterThan(0);
    expect((await call(`${url}/orders/ord_0`)).status).toBe(404);
  });

  it('places an order at the prices of the catalog and shows it first', async () => {
    const product = (await call(`${stack.urls.catalog}/products/prd_0042`)).body;
    const { status, headers, body } = await place({
      customerId: 'usr_free',
      items: [{ productId: 'prd_0042', quantity: 2 }],
    });
    expect(status).toBe(201);
    expect(headers['location']).toBe(`/orders/${body.id}`);
    expect(body).toMatchObject({ status: 'pending', itemCount: 2, customerId: 'usr_free', paymentId: null });
    expect(body.subtotal.amount).toBe(product.price.amount * 2);
    expect((await call(`${url}${headers['location']}`)).body).toEqual(body);
    expect((await page('customerId=usr_free&limit=1')).items[0]?.id).toBe(body.id);
  });

  it('places an order once per Idempotency-Key', async () => {
    const order = { customerId: 'usr_free', items: [{ productId: 'prd_0001', quantity: 1 }] };
    const first = await place(order, { 'idempotency-key': 'one' });
    const again = await place(order, { 'idempotency-key': 'one' });
    expect(again.status).toBe(201);
    expect(again.body.id).toBe(first.body.id);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await place({ ...order, customerNote: 'x' }, { 'idempotency-key': 'one' })).status).toBe(422);
  });

  const item = { productId: 'prd_0001', quantity: 1 };
  it.each([
    [{}],
    [{ customerId: 'usr_free', items: [] }],
    [{ customerId: 'usr_nobody', items: [item] }],
    [{ customerId: 'usr_free', items: [{ ...item, quantity: 0 }] }],
    [{ customerId: 'usr_free', items: [{ ...item, productId: 'prd_none' }] }],
    [{ customerId: 'usr_free', items: [item], shippingMethod: 'drone' }],
    [{ customerId: 'usr_free', items: [item], shippingAddress: { name: 'X' } }],
  ])('refuses the order %j and says why', async (order) => {
    const { status, body } = await place(order);
    expect(status).toBe(400);
    expect(body.errors.length).toBeGreaterThanOrEqual(1);
  });
});
