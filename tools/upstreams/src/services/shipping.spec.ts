import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../call.fixture.ts';
import { type DevStack, startDevStack } from '../dev-stack.ts';
import { type Shipment } from '../model.ts';

describe('shipping', () => {
  let stack: DevStack<'shipping'>;
  beforeAll(async () => {
    stack = await startDevStack({ services: ['shipping'] });
  });
  afterAll(() => stack.stop());

  const shipments = async (query: string): Promise<Shipment[]> =>
    (await call(`${stack.urls.shipping}/shipments?${query}`)).body.items;

  it('lists the shipments of one customer, newest first by order', async () => {
    const items = await shipments('customerId=usr_premium&limit=3');
    expect(items).toHaveLength(3);
    expect(items.map(({ customerId }) => customerId)).toEqual(Array(3).fill('usr_premium'));
    expect(items.map(({ orderId }) => orderId)).toEqual(
      items
        .map(({ orderId }) => orderId)
        .toSorted()
        .toReversed(),
    );
    expect(items[0]?.deliveredAt).toBeNull();
  });

  it('finds the shipment of an order, and filters by status', async () => {
    const [first] = await shipments('limit=1');
    expect(await shipments(`orderId=${first?.orderId}`)).toEqual([first]);
    expect((await shipments('status=delivered&limit=1'))[0]?.deliveredAt).not.toBeNull();
    expect(await shipments('orderId=ord_0')).toEqual([]);
  });

  it('shows one, 404 for none, 400 for a bad query', async () => {
    const [first] = await shipments('limit=1');
    expect((await call(`${stack.urls.shipping}/shipments/${first?.id}`)).body).toEqual(first);
    expect((await call(`${stack.urls.shipping}/shipments/shp_0`)).status).toBe(404);
    expect((await call(`${stack.urls.shipping}/shipments?status=lost`)).status).toBe(400);
  });
});
