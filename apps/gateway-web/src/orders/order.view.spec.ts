import { goldenCase, grown, serialized } from '@facet/testing/cases';
import { type Order } from '@facet/upstreams-orders';
import { describe, expect, it } from '@jest/globals';
import { orderListSchema, orderSchema, orderView } from './order.view.ts';

const upstream = goldenCase<Order>('orders', 'upstream');
const view = orderView(upstream);

describe('the web view of an order', () => {
  it('is the golden one, on the wire too', () => {
    expect(view).toEqual(goldenCase('orders', 'web'));
    expect(serialized(orderSchema, view)).toEqual(view);
    expect(serialized(orderListSchema, { items: [view], nextCursor: null })).toEqual({
      items: [view],
      nextCursor: null,
    });
  });

  it('leaves behind what the upstream adds and what is for staff, in view and schema alike', () => {
    // An item's attributes have free names: a new one is data, not a new field.
    const later = grown(upstream);
    later.items.forEach((item, index) => (item.attributes = upstream.items[index]!.attributes));
    expect(orderView(later)).toEqual(view);
    expect(serialized(orderSchema, later)).toEqual(view);
    expect(JSON.stringify(view)).not.toMatch(/internal|costPrice|margin|riskScore/);
  });

  it('shows an order that is not paid or shipped yet', () => {
    const unpaid = orderView({
      ...upstream,
      billing: { ...upstream.billing, method: null },
      paymentId: null,
      shipmentId: null,
    });
    expect(unpaid).toMatchObject({ billing: { method: null }, paymentId: null, shipmentId: null });
    expect(serialized(orderSchema, unpaid)).toEqual(unpaid);
  });
});
