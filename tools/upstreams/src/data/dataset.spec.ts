import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { buildDataset, type Dataset } from './dataset.ts';
import { identities } from './identities.ts';
import { ANCHOR_MS } from './time.ts';

describe('data set', () => {
  let data: Dataset;
  beforeAll(() => {
    data = buildDataset();
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('is the same on every call, without chance and without the clock', () => {
    const forbidden = (): never => {
      throw new Error('the data set must not look');
    };
    jest.spyOn(Math, 'random').mockImplementation(forbidden);
    jest.spyOn(Date, 'now').mockImplementation(forbidden);
    expect(JSON.stringify(buildDataset())).toBe(JSON.stringify(data));
  });

  it('is large enough to page through', () => {
    expect(data.users.length).toBeGreaterThanOrEqual(200);
    expect(data.orders.length).toBeGreaterThanOrEqual(2_000);
    expect(data.products.length).toBeGreaterThanOrEqual(500);
  });

  it('has no id twice', () => {
    for (const records of Object.values(data) as { id: string }[][]) {
      expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
    }
  });

  it.each(identities.map((identity) => [identity.username, identity] as const))(
    'knows %s as a customer with a past, and a parcel on its way among the last three orders',
    (_, { subject, tier }) => {
      expect(data.users.find(({ id }) => id === subject)).toMatchObject({ tier });
      const orders = data.orders.filter(({ customerId }) => customerId === subject);
      expect(orders.length).toBeGreaterThanOrEqual(12);
      const lastThree = orders.slice(-3).map(({ status }) => status);
      expect(lastThree).toContain('shipped');
      const underway = data.shipments.filter(
        (shipment) => shipment.customerId === subject && !shipment.deliveredAt,
      );
      expect(underway.length).toBeGreaterThanOrEqual(1);
      for (const { estimatedDelivery } of underway)
        expect(Date.parse(estimatedDelivery)).toBeGreaterThan(ANCHOR_MS);
    },
  );

  it('adds up: every order is the sum of its items, in whole minor units', () => {
    for (const { items, subtotal, discount, shippingCost, total, itemCount } of data.orders) {
      expect(items.reduce((amount, item) => amount + item.unitPrice.amount * item.quantity, 0)).toBe(
        subtotal.amount,
      );
      expect(total.amount).toBe(subtotal.amount - discount.amount + shippingCost.amount);
      expect(items.reduce((count, item) => count + item.quantity, 0)).toBe(itemCount);
      expect(Number.isInteger(total.amount) && total.amount > 0).toBe(true);
    }
  });

  it('joins: customers, products, payments and shipments of orders exist', () => {
    const ids = new Set(
      [data.users, data.products, data.payments, data.shipments].flat().map(({ id }) => id),
    );
    for (const { customerId, items, paymentId, shipmentId } of data.orders) {
      const references = [customerId, paymentId, shipmentId, ...items.map(({ productId }) => productId)];
      for (const reference of references.filter((id) => id !== null)) expect(ids).toContain(reference);
    }
  });

  it('happens in order: customers join before they order, and nothing follows the anchor', () => {
    const joined = new Map(data.users.map(({ id, createdAt }) => [id, createdAt]));
    for (const { customerId, placedAt, history, updatedAt } of data.orders) {
      const instants = [joined.get(customerId) ?? '', placedAt, ...history.map(({ at }) => at)];
      expect(instants).toEqual(instants.toSorted());
      expect(Date.parse(updatedAt)).toBeLessThanOrEqual(ANCHOR_MS);
    }
    for (const { events } of data.shipments) {
      expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted());
    }
  });

  it('leaves a phone list of orders far below a quarter of the full one, without the internal members', () => {
    const shown = data.orders.map(({ internal: _internal, ...order }) => ({
      ...order,
      items: order.items.map(({ costPrice: _costPrice, ...item }) => item),
    }));
    const rows = data.orders.map(({ id, status, total, currency, itemCount, placedAt }) => ({
      id,
      status,
      total,
      currency,
      itemCount,
      placedAt,
    }));
    expect(JSON.stringify(rows).length / JSON.stringify(shown).length).toBeLessThan(0.15);
  });
});
