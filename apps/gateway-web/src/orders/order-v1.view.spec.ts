import { goldenCase, serialized } from '@facet/testing/cases';
import { describe, expect, it } from '@jest/globals';
import { orderListV1View, orderV1Schema, orderV1View } from './order-v1.view.ts';
import { type WebOrder } from './order.view.ts';

const v2 = goldenCase<WebOrder>('orders', 'web');

describe('the web v1 view of an order', () => {
  it('has decimal strings for amounts and the old names', () => {
    const v1 = orderV1View(v2);
    expect(v1).toMatchObject({ id: v2.id, total: '448.30', currency: 'EUR', createdAt: v2.placedAt });
    expect(v1.items).toHaveLength(v2.items.length);
    expect(v1.items[0]).toEqual({
      sku: v2.items[0]!.sku,
      name: v2.items[0]!.name,
      quantity: v2.items[0]!.quantity,
      price: (v2.items[0]!.unitPrice.amount / 100).toFixed(2),
    });
    expect(serialized(orderV1Schema, v1)).toEqual(v1);
  });

  it('keeps the cursor of a list', () => {
    expect(orderListV1View({ items: [v2], nextCursor: 'c' })).toEqual({
      items: [orderV1View(v2)],
      nextCursor: 'c',
    });
  });
});
