import { aggregate, LastGood, optional, required } from '@facet/aggregate';
import { Clock, type RequestContext } from '@facet/context';
import { CatalogClient, type Offer } from '@facet/upstreams-catalog';
import { OrdersClient } from '@facet/upstreams-orders';
import { ShippingClient } from '@facet/upstreams-shipping';
import { UsersClient } from '@facet/upstreams-users';
import { Injectable } from '@nestjs/common';
import { orderSelection } from '../orders/order.view.ts';
import { shipmentSelection } from './next-delivery.view.ts';

const ORDERS = 3;
const OFFERS = 3;
/** Enough to hold everything of one customer that is still on its way. */
const SHIPMENTS = 20;

/** What the start screen is made of, by the members it has; only the user is indispensable. */
@Injectable()
export class HomeAggregate {
  readonly #lastOffers: LastGood<readonly Offer[]>;

  constructor(
    private readonly users: UsersClient,
    private readonly orders: OrdersClient,
    private readonly shipping: ShippingClient,
    private readonly catalog: CatalogClient,
    private readonly clock: Clock,
  ) {
    this.#lastOffers = new LastGood({ maxAgeMs: 10 * 60_000, maxEntries: 1_000, clock });
  }

  load(context: RequestContext) {
    const customerId = context.principal.subject;
    const parts = {
      user: required({ withinMs: 2_000, load: (part) => this.users.get(part, customerId) }),
      orders: optional({
        withinMs: 1_500,
        load: async (part) =>
          (await this.orders.list(part, { customerId, limit: ORDERS }, orderSelection)).items,
      }),
      nextDelivery: optional({
        withinMs: 1_000,
        load: async (part) =>
          (await this.shipping.list(part, { customerId, limit: SHIPMENTS }, shipmentSelection)).items,
      }),
      offers: optional({
        withinMs: 800,
        load: async (part) => (await this.catalog.offers(part, { limit: OFFERS })).items,
        stale: { copies: this.#lastOffers, key: customerId },
        otherwise: [],
      }),
    };
    return aggregate(context, parts, { clock: this.clock });
  }
}
