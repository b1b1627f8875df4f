import { goldenCase, serialized } from '@facet/testing/cases';
import { describe, expect, it } from '@jest/globals';
import { orderListV3View, orderV3Schema, orderV3View } from './order-v3.view.ts';
import { type WebOrder } from './order.view.ts';

const v2 = goldenCase<WebOrder>('orders', 'web');

describe('the web v3 view of an order', () => {
  it('has decimal amounts that say their currency; all else as in v2', () => {
    const v3 = orderV3View(v2);
    expect(v3).toMatchObject({
      id: v2.id,
      total: { amount: '448.30', currency: 'EUR' },
      billing: v2.billing,
    });
    expect(v3).not.toHaveProperty('currency');
    expect(v3.items[0]?.unitPrice).toEqual({
      amount: (v2.items[0]!.unitPrice.amount / 100).toFixed(2),
      currency: 'EUR',
    });
    expect(serialized(orderV3Schema, v3)).toEqual(v3);
  });

  it('keeps the cursor of a list', () => {
    expect(orderListV3View({ items: [v2], nextCursor: 'c' })).toEqual({
      items: [orderV3View(v2)],
      nextCursor: 'c',
    });
  });
});
