import { systemClock } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { StandardFailureJudge } from '@facet/resilience';
import { testContext } from '@facet/testing';
import { goldenCase } from '@facet/testing/cases';
import { json, ScriptedUpstream, text } from '@facet/testing/upstreams';
import { SocketTransportFactory, type UpstreamCall, Upstreams } from '@facet/upstream';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { selectOrder } from './order-selection.ts';
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

describe('OrdersClient with a selection', () => {
  const selection = selectOrder('id', 'total', 'customerId');
  const { id, total, customerId } = order;
  const asked = () => testContext({ clock: systemClock });
  const filter = { limit: 2 };
  const page = (item: unknown) => ({ items: [item, item], nextCursor: null });
  let upstream: ScriptedUpstream;
  let upstreams: Upstreams;
  let client: OrdersClient;

  beforeEach(async () => {
    upstream = await ScriptedUpstream.start(json(page(order)));
    upstreams = new Upstreams({
      gateway: 'gateway-test',
      clock: systemClock,
      judge: new StandardFailureJudge(),
      transports: new SocketTransportFactory(),
    });
    upstreams.add({ name: 'orders', url: upstream.url, coalesce: true });
    client = new OrdersClient(upstreams);
  });

  afterEach(async () => {
    await upstreams.close();
    await upstream[Symbol.asyncDispose]();
  });

  it('has the members that were selected', async () => {
    expect(await client.list(asked(), filter, selection)).toEqual(page({ id, total, customerId }));
    upstream.always(json(order));
    expect(await client.get(asked(), 'ord_1', selection)).toEqual({ id, total, customerId });
    const created = await client.create(
      asked(),
      { customerId, items: [{ productId: 'prd_0001', quantity: 1 }] },
      undefined,
      selection,
    );
    expect(created).toEqual({ id, total, customerId });
  });

  it('shares no answer with callers that select something else', async () => {
    const [whole, some, others] = await Promise.all([
      client.list(asked(), filter),
      client.list(asked(), filter, selection),
      client.list(asked(), filter, selectOrder('id')),
    ]);
    expect([whole, some, others]).toEqual([page(order), page({ id, total, customerId }), page({ id })]);
    expect(upstream.requests).toHaveLength(3);
  });

  it('does not mind what is wrong with members nobody selected', async () => {
    upstream.always(json(page({ ...order, status: 7, billing: null, items: undefined })));
    expect(await client.list(asked(), filter, selection)).toEqual(page({ id, total, customerId }));
    await expect(client.list(asked(), filter)).rejects.toMatchObject({ reason: 'upstream_protocol_error' });
  });

  it.each([
    ['a selected member', { ...order, total: { ...total, amount: 'free' } }],
    ['a selected member that is missing', { ...order, customerId: undefined }],
  ])('does not understand %s', async (_, item) => {
    upstream.always(json(page(item)));
    await expect(client.list(asked(), filter, selection)).rejects.toMatchObject({
      reason: 'upstream_protocol_error',
      status: 502,
    });
  });

  it('does not understand what is no JSON where nobody selected anything', async () => {
    const body = JSON.stringify(page(order)).replace('"billing":{', '"billing":{,');
    upstream.always(text(body, { headers: { 'content-type': 'application/json' } }));
    await expect(client.list(asked(), filter, selection)).rejects.toMatchObject({
      reason: 'upstream_protocol_error',
      status: 502,
    });
  });
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
