import {
  type Page,
  pageSchema,
  picked,
  selectedAnswer,
  type UpstreamAnswer,
  upstreamAnswer,
} from '@facet/shaping';
import { type Order, orderSchema } from './order.ts';

/** How much of every order a caller reads. Made once, at start. */
export interface OrderSelection<T> {
  readonly order: UpstreamAnswer<T>;
  readonly orders: UpstreamAnswer<Page<T>>;
}

export const wholeOrder: OrderSelection<Order> = {
  order: upstreamAnswer('orders', orderSchema),
  orders: upstreamAnswer('orders', pageSchema(orderSchema)),
};

/** These members of an order: the others are not even read. For views that show few of them. */
export function selectOrder<K extends keyof Order>(...names: readonly K[]): OrderSelection<Pick<Order, K>> {
  const selected = picked(orderSchema, names);
  return {
    order: selectedAnswer('orders', selected),
    orders: selectedAnswer('orders', pageSchema(selected)),
  };
}
