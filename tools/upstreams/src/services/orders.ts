import { Type } from 'typebox';
import { defaultAddress, orderId } from '../data/orders.ts';
import { priceItem, priceOrder } from '../data/pricing.ts';
import { createCheck } from '../http/check.ts';
import { created, ok } from '../http/exchange.ts';
import { HttpFault } from '../http/http-fault.ts';
import { IdempotentReplies } from '../http/idempotency.ts';
import { readOneOf, readText } from '../http/query.ts';
import { type ServiceDefinition } from '../http/service.ts';
import { type NewOrder, type NewOrderItem, type Order, type OrderItem, type OrderStatus } from '../model.ts';
import { type Store } from './store.ts';

const statuses: readonly OrderStatus[] = [
  'pending',
  'paid',
  'processing',
  'shipped',
  'delivered',
  'cancelled',
  'returned',
];

const text = (maxLength: number) => Type.String({ minLength: 1, maxLength });

const address = Type.Object({
  name: text(100),
  line1: text(200),
  line2: Type.Union([text(200), Type.Null()]),
  city: text(100),
  postalCode: text(20),
  region: Type.Union([text(100), Type.Null()]),
  country: Type.String({ pattern: '^[A-Z]{2}$' }),
});

const checkNewOrder = createCheck(
  Type.Object({
    customerId: text(100),
    items: Type.Array(
      Type.Object({ productId: text(100), quantity: Type.Integer({ minimum: 1, maximum: 99 }) }),
      { minItems: 1, maxItems: 50 },
    ),
    shippingAddress: Type.Optional(address),
    shippingMethod: Type.Optional(
      Type.Union([Type.Literal('standard'), Type.Literal('express'), Type.Literal('pickup')]),
    ),
    customerNote: Type.Optional(Type.String({ maxLength: 500 })),
  }),
);

const unknown = (member: string): HttpFault =>
  new HttpFault(400, 'The input does not fit.', { errors: [`${member} is not known`] });

const pricedItems = (store: Store, items: readonly NewOrderItem[]): OrderItem[] =>
  items.map(({ productId, quantity }, index) => {
    const product = store.products.find(productId);
    if (product === undefined) throw unknown(`/items/${index}/productId`);
    return priceItem(product, quantity);
  });

const place = (store: Store, input: NewOrder): Order => {
  const customer = store.users.find(input.customerId);
  if (customer === undefined) throw unknown('/customerId');
  const items = pricedItems(store, input.items);
  const shippingMethod = input.shippingMethod ?? 'standard';
  const { margin, ...totals } = priceOrder(items, shippingMethod, 0);
  const { number, at } = store.nextStamp();
  return {
    id: orderId(number),
    number: `F-${at.slice(0, 4)}-${number}`,
    customerId: customer.id,
    status: 'pending',
    currency: totals.total.currency,
    items,
    ...totals,
    shippingMethod,
    shippingAddress: input.shippingAddress ?? defaultAddress(customer),
    billing: { address: defaultAddress(customer), method: null, vatId: null },
    paymentId: null,
    shipmentId: null,
    customerNote: input.customerNote ?? null,
    history: [{ status: 'pending', at }],
    placedAt: at,
    updatedAt: at,
    internal: { margin, riskScore: 5, warehouse: 'BER-1', channel: 'api', pickerId: null, notes: [] },
  };
};

/** Orders of every customer: the caller decides who may see which. */
export const ordersService = (store: Store): ServiceDefinition => {
  const replies = new IdempotentReplies();
  return {
    name: 'orders',
    routes: {
      'GET /orders': (inbound) => {
        const customerId = readText(inbound, 'customerId');
        const status = readOneOf(inbound, 'status', statuses);
        const matches = (order: Order): boolean =>
          (customerId === undefined || order.customerId === customerId) &&
          (status === undefined || order.status === status);
        return ok(store.orders.page(inbound, matches));
      },
      'GET /orders/:id': ({ params }) => ok(store.orders.get(params['id'] ?? '')),
      'POST /orders': async (inbound) => {
        const input: NewOrder = checkNewOrder(await inbound.body());
        return replies.answer(inbound, input, () => {
          const order = place(store, input);
          store.orders.addFirst(order);
          return created(order, `/orders/${order.id}`);
        });
      },
    },
  };
};
