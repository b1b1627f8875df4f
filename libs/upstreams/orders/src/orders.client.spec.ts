import { GatewayError } from '@facet/errors';
import { testContext } from '@facet/testing';
import { goldenCase } from '@facet/testing/cases';
import { type UpstreamCall, type Upstreams } from '@facet/upstream';
import { describe, expect, it, jest } from '@jest/globals';
import { type Order } from './order.ts';
import { OrdersClient } from './orders.client.ts';
import { ownOrder } from './own-order.ts';

const order = goldenCase<Order>('orders', 'upstream');
const context = testContext();
const setUp = (answer: () => Promise<unknown>) => {
  const request = jest.fn((_context: unknown, _call: UpstreamCall) => answer());
  const client = new OrdersClient({ client: () => ({ request }) } as unknown as Upstreams);
  return { client, call: () => request.mock.calls[0]?.[1] };
};
const answering = (body: unknown) => setUp(() => Promise.resolve({ body }));

describe('OrdersClient', () => {
  it('lists with the filters it is given', async () => {
    const page = { items: [order], nextCursor: 'n', total: 9 };
    const { client, call } = answering(page);
    expect(await client.list(context, { customerId: 'usr_1', limit: 5, cursor: 'c' })).toBe(page);
    expect(call()).toMatchObject({
      path: '/orders',
      query: { customerId: 'usr_1', limit: 5, cursor: 'c' },
    });
  });

  it('blames the cursor for a list that is refused', async () => {
    const { client } = setUp(() => Promise.reject(new GatewayError('unprocessable')));
    await expect(client.list(context, { limit: 5, cursor: 'c' })).rejects.toMatchObject({
      reason: 'invalid_input',
    });
  });

  it('sends an id as one segment', async () => {
    const { client, call } = answering(order);
    await client.get(context, 'a/b');
    expect(call()).toMatchObject({ route: '/orders/:id', path: '/orders/a%2Fb' });
  });

  it('may repeat a new order with an idempotency key only', async () => {
    const newOrder = { customerId: 'usr_1', items: [{ productId: 'prd_0001', quantity: 1 }] };
    const keyless = answering(order);
    await keyless.client.create(context, newOrder);
    expect(keyless.call()).not.toHaveProperty('idempotencyKey');
    const keyed = answering(order);
    await keyed.client.create(context, newOrder, 'k');
    expect(keyed.call()).toMatchObject({ method: 'POST', body: newOrder, idempotencyKey: 'k' });
  });

  it.each([[{ ...order, total: 'free' }], [{ ...order, customerId: undefined }], ['order'], [null]])(
    'does not understand an answer that is no order (%#)',
    async (body) => {
      await expect(answering(body).client.get(context, 'ord_1')).rejects.toMatchObject({
        reason: 'upstream_protocol_error',
      });
    },
  );
});

describe('ownOrder', () => {
  const customer = (subject: string) => ({ ...context.principal, subject });

  it('lets the owner have it', () => {
    expect(ownOrder(order, customer('usr_premium'))).toBe(order);
  });

  it.each(['usr_free', 'USR_PREMIUM', ''])('is not found for %j', (subject) => {
    expect(() => ownOrder(order, customer(subject))).toThrow(
      expect.objectContaining({ reason: 'not_found' }),
    );
    expect(() => ownOrder({ ...order, customerId: '' }, customer(subject))).toThrow(GatewayError);
  });
});
