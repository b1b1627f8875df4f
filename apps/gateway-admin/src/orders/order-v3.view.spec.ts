import { goldenCase, grown, serialized } from '@facet/testing/cases';
import { type Order } from '@facet/upstreams-orders';
import { describe, expect, it } from '@jest/globals';
import { orderListV3Schema, orderListV3View, orderV3View } from './order-v3.view.ts';

const v2 = grown(goldenCase<Order>('orders', 'admin'));

describe('the admin v3 view of an order', () => {
  it('has decimal sums; all else as in v2, what the upstream adds too', () => {
    const { subtotal: _s, discount: _d, shippingCost: _c, tax: _t, total: _all, ...rest } = v2;
    expect(orderV3View(v2)).toMatchObject({ ...rest, total: { amount: '448.30', currency: 'EUR' } });
  });

  it('keeps every member on the wire', () => {
    const list = orderListV3View({ items: [v2], nextCursor: null });
    expect(serialized(orderListV3Schema, list)).toEqual(list);
  });
});
