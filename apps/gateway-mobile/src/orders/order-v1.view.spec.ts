import { goldenCase, serialized } from '@facet/testing/cases';
import { describe, expect, it } from '@jest/globals';
import { orderListV1View, orderV1Schema, orderV1View } from './order-v1.view.ts';
import { type MobileOrder } from './order.view.ts';

const v2 = goldenCase<MobileOrder>('orders', 'mobile');
const v1 = { id: v2.id, status: v2.status, total: '448.30', currency: 'EUR', items: 7, date: v2.placedAt };

describe('the mobile v1 view of an order', () => {
  it('has a decimal string for the price and the old names', () => {
    expect(orderV1View(v2)).toEqual(v1);
    expect(serialized(orderV1Schema, orderV1View(v2))).toEqual(v1);
  });

  it('keeps the cursor of a list', () => {
    expect(orderListV1View({ items: [v2], nextCursor: 'c' })).toEqual({ items: [v1], nextCursor: 'c' });
  });
});
