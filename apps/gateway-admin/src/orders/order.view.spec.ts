import { goldenCase, grown, serialized } from '@facet/testing/cases';
import { type Order } from '@facet/upstreams-orders';
import { describe, expect, it } from '@jest/globals';
import { orderListSchema, orderSchema, orderView } from './order.view.ts';

const upstream = goldenCase<Order>('orders', 'upstream');

describe('the admin view of an order', () => {
  it('is the golden one, on the wire too', () => {
    const view = orderView(upstream);
    expect(view).toEqual(goldenCase('orders', 'admin'));
    expect(serialized(orderSchema, view)).toEqual(view);
  });

  it('shows what the upstream adds, at any depth', () => {
    const later = grown(upstream);
    expect(serialized(orderSchema, orderView(later))).toEqual(later);
    const list = { items: [orderView(later)], nextCursor: 'c' };
    expect(serialized(orderListSchema, list)).toEqual(list);
  });
});
