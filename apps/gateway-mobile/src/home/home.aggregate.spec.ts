import { GatewayError } from '@facet/errors';
import { FakeClock, testContext } from '@facet/testing';
import { type CatalogClient } from '@facet/upstreams-catalog';
import { type OrdersClient } from '@facet/upstreams-orders';
import { type ShippingClient } from '@facet/upstreams-shipping';
import { type UsersClient } from '@facet/upstreams-users';
import { describe, expect, it, jest } from '@jest/globals';
import { HomeAggregate } from './home.aggregate.ts';

const page = (...items: unknown[]) => ({ items, nextCursor: null });
const down = () => Promise.reject(new GatewayError('upstream_unavailable'));
const hanging = () => new Promise<never>(() => undefined);

const setUp = () => {
  const clock = new FakeClock();
  const principal = {
    kind: 'bearer',
    subject: 'usr_1',
    tier: 'free',
    scopes: [],
    roles: [],
  } as const;
  const calls = {
    user: jest.fn<(...args: unknown[]) => Promise<unknown>>().mockResolvedValue('user'),
    orders: jest.fn<(...args: unknown[]) => Promise<unknown>>().mockResolvedValue(page('order')),
    shipments: jest.fn<(...args: unknown[]) => Promise<unknown>>().mockResolvedValue(page('shipment')),
    offers: jest.fn<(...args: unknown[]) => Promise<unknown>>().mockResolvedValue(page('offer')),
  };
  const home = new HomeAggregate(
    { get: calls.user } as unknown as UsersClient,
    { list: calls.orders } as unknown as OrdersClient,
    { list: calls.shipments } as unknown as ShippingClient,
    { offers: calls.offers } as unknown as CatalogClient,
    clock,
  );
  const load = () => home.load(testContext({ clock, principal }));
  return { clock, calls, load };
};

describe('the mobile home', () => {
  it("asks for the caller's own parts only", async () => {
    const { calls, load } = setUp();
    expect(await load()).toMatchObject({ values: { user: 'user' }, partial: false, parts: [] });
    expect(calls.user).toHaveBeenCalledWith(expect.anything(), 'usr_1');
    for (const list of [calls.orders, calls.shipments]) {
      const [, filter] = list.mock.calls[0] as unknown[];
      expect(filter).toMatchObject({ customerId: 'usr_1' });
    }
  });

  it('fails without the user', async () => {
    const { calls, load } = setUp();
    calls.user.mockImplementation(down);
    await expect(load()).rejects.toMatchObject({ reason: 'upstream_unavailable' });
  });

  it('goes on without the rest, and names it as the client does', async () => {
    const { calls, load } = setUp();
    for (const call of [calls.orders, calls.shipments, calls.offers]) call.mockImplementation(down);
    const { values, parts } = await load();
    expect(values).toEqual({ user: 'user', orders: undefined, nextDelivery: undefined, offers: [] });
    expect(parts.map(({ part }) => part)).toEqual(['orders', 'nextDelivery', 'offers']);
  });

  it('does not wait for a part that hangs, and shows the last offers', async () => {
    const { clock, calls, load } = setUp();
    await load();
    calls.offers.mockImplementation(hanging);
    const answer = load();
    await clock.advance(800);
    expect(await answer).toMatchObject({
      values: { offers: ['offer'] },
      partial: true,
      parts: [{ part: 'offers', reason: 'upstream_timeout' }],
    });
    expect(clock.pendingTimers).toBe(0);
  });
});
