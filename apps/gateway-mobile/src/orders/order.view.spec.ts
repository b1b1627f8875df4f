import { goldenCase, grown, serialized } from '@facet/testing/cases';
import { type Order } from '@facet/upstreams-orders';
import { describe, expect, it } from '@jest/globals';
import { orderListSchema, orderSchema, orderView } from './order.view.ts';

const upstream = goldenCase<Order>('orders', 'upstream');
const view = orderView(upstream);

describe('the mobile view of an order', () => {
  it('is the golden one, on the wire too', () => {
    expect(view).toEqual(goldenCase('orders', 'mobile'));
    expect(serialized(orderSchema, view)).toEqual(view);
  });

  it('leaves behind what the upstream adds, in view and schema alike', () => {
    expect(orderView(grown(upstream))).toEqual(view);
    expect(serialized(orderSchema, grown(view))).toEqual(view);
  });

  it('makes a list of at most a quarter of the bytes of the web one', () => {
    const list = (item: unknown) => ({ items: Array.from({ length: 20 }, () => item), nextCursor: null });
    const mobile = JSON.stringify(serialized(orderListSchema, list(view)));
    const web = JSON.stringify(list(goldenCase('orders', 'web')));
    expect(mobile.length).toBeLessThanOrEqual(web.length * 0.25);
  });
});
