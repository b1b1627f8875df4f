/** From upstream bytes to answer bytes: `npm run bench -- --micro --only=order.view`. */
import { pageView } from '@facet/shaping';
import { type Order } from '@facet/upstreams-orders';
import { fastify } from 'fastify';
import { orderListSchema, orderView } from './order.view.ts';

const order = {
  id: 'ord_100001',
  number: 'F-2024-100001',
  customerId: 'usr_premium',
  status: 'delivered',
  currency: 'EUR',
  items: [{ productId: 'prd_0261', name: 'Lumen Trail Stove', quantity: 1, attributes: { colour: 'sand' } }],
  itemCount: 1,
  total: { amount: 47_090, currency: 'EUR' },
  placedAt: '2024-03-01T10:00:00.000Z',
} as unknown as Order;
const app = fastify();
app.get('/', { schema: { response: { 200: orderListSchema } } }, () => '');
await app.ready();
const serializer = app.serializerCompiler?.({
  schema: orderListSchema,
  method: 'GET',
  url: '/',
  httpStatus: '200',
} as never);
const serialize = serializer ?? ((): string => 'no serializer');

function timed(name: string, run: () => unknown): void {
  const count = 100_000;
  for (let index = 0; index < count; index++) run();
  const startMs = performance.now();
  for (let index = 0; index < count; index++) run();
  const us = ((performance.now() - startMs) / count) * 1e3;
  process.stdout.write(`${name.padEnd(44)}${us.toFixed(2).padStart(8)} us\n`);
}

for (const count of [2, 20]) {
  const page = { items: Array<Order>(count).fill(order), nextCursor: null, total: count } as never;
  const bytes = Buffer.from(JSON.stringify(page));
  const view = pageView(page, orderView);
  timed(
    `${count} orders: JSON.parse of ${bytes.length} bytes`,
    () => JSON.parse(bytes.toString()) as unknown,
  );
  timed(`${count} orders: view`, () => pageView(page, orderView));
  timed(`${count} orders: compiled serializer`, () => serialize(view));
  timed(`${count} orders: JSON.stringify`, () => JSON.stringify(view));
}
