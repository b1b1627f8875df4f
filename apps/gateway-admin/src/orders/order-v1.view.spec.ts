import { goldenCase, grown, serialized } from '@facet/testing/cases';
import { type Order } from '@facet/upstreams-orders';
import { describe, expect, it } from '@jest/globals';
import { orderListV1Schema, orderListV1View, orderV1View } from './order-v1.view.ts';

const v2 = grown(goldenCase<Order>('orders', 'admin'));

describe('the admin v1 view of an order', () => {
  it('has a decimal total and the old name of placedAt; all else as in v2', () => {
    const { total: _total, placedAt, ...rest } = v2;
    expect(orderV1View(v2)).toEqual({ ...rest, total: '448.30', createdAt: placedAt });
  });

  it('keeps every member on the wire', () => {
    const list = orderListV1View({ items: [v2], nextCursor: null });
    expect(serialized(orderListV1Schema, list)).toEqual(list);
  });
});
