import { goldenCase, serialized } from '@facet/testing/cases';
import { describe, expect, it } from '@jest/globals';
import { orderListV3View, orderV3Schema, orderV3View } from './order-v3.view.ts';
import { type MobileOrder } from './order.view.ts';

const v2 = goldenCase<MobileOrder>('orders', 'mobile');
const { id, status, itemCount, placedAt } = v2;
const v3 = { id, status, total: { amount: '448.30', currency: 'EUR' }, itemCount, placedAt };

describe('the mobile v3 view of an order', () => {
  it('has its total as one decimal object', () => {
    expect(orderV3View(v2)).toEqual(v3);
    expect(serialized(orderV3Schema, orderV3View(v2))).toEqual(v3);
  });

  it('keeps the cursor of a list', () => {
    expect(orderListV3View({ items: [v2], nextCursor: 'c' })).toEqual({ items: [v3], nextCursor: 'c' });
  });
});
