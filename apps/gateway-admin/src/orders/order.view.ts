import { type Page, pageSchema } from '@facet/shaping';
import { type Order, orderSchema as upstreamOrderSchema } from '@facet/upstreams-orders';
import { openSchema } from '../open-schema.ts';

/** An order as order-service has it, internal members and members added later included. */
export const orderSchema = openSchema(upstreamOrderSchema);
export const orderListSchema = pageSchema(orderSchema);

export function orderView(order: Order): Order {
  return order;
}

export function orderListView({ items, nextCursor }: Page<Order>) {
  return { items: items.map(orderView), nextCursor };
}
