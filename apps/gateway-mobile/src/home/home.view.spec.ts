import { goldenCase, serialized } from '@facet/testing/cases';
import { type Offer } from '@facet/upstreams-catalog';
import { type Order } from '@facet/upstreams-orders';
import { type Shipment } from '@facet/upstreams-shipping';
import { type User } from '@facet/upstreams-users';
import { describe, expect, it } from '@jest/globals';
import { homeSchema, homeView } from './home.view.ts';
import { nextDelivery } from './next-delivery.view.ts';

const { shipments, ...upstream } = goldenCase<{
  user: User;
  orders: Order[];
  shipments: Shipment[];
  offers: Offer[];
}>('home', 'upstream');
const [onItsWay] = shipments as [Shipment];

describe('the mobile home', () => {
  it('is the golden one, on the wire too', () => {
    const home = { ...homeView({ ...upstream, nextDelivery: shipments }), partial: false, parts: [] };
    expect(home).toEqual(goldenCase('home', 'mobile'));
    expect(serialized(homeSchema, home)).toEqual(home);
  });

  it('has null for a part that is missing, and names it', () => {
    const home = {
      ...homeView({ ...upstream, orders: undefined, nextDelivery: undefined, offers: [] }),
      partial: true,
      parts: [{ part: 'nextDelivery', reason: 'upstream_timeout' }],
    };
    expect(home).toMatchObject({ orders: null, nextDelivery: null, offers: [] });
    expect(serialized(homeSchema, home)).toEqual(home);
  });
});

describe('nextDelivery', () => {
  it('is the one that arrives first of those on their way', () => {
    const soon = { ...onItsWay, orderId: 'ord_soon', estimatedDelivery: '2026-01-02T00:00:00Z' };
    const done = { ...soon, orderId: 'ord_done', status: 'delivered' };
    expect(nextDelivery([onItsWay, done, soon])?.orderId).toBe('ord_soon');
  });

  it('is null when nothing is on its way', () => {
    expect(nextDelivery([{ ...onItsWay, status: 'returned' }])).toBeNull();
    expect(nextDelivery([])).toBeNull();
  });
});
