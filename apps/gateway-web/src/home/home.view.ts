import { nullable, partGapsSchema } from '@facet/shaping';
import { type Offer } from '@facet/upstreams-catalog';
import { type Order } from '@facet/upstreams-orders';
import { type Shipment } from '@facet/upstreams-shipping';
import { type User } from '@facet/upstreams-users';
import { type Static, Type } from 'typebox';
import { orderSchema, orderView } from '../orders/order.view.ts';
import { userSchema, userView } from '../user/user.view.ts';
import { offerSchema, offerView } from './offer.view.ts';
import { shipmentSchema, shipmentView } from './shipment.view.ts';

/** The start page. A part that is missing is null and named in `parts`. */
export const homeSchema = Type.Object({
  user: userSchema,
  orders: nullable(Type.Array(orderSchema)),
  shipments: nullable(Type.Array(shipmentSchema)),
  offers: Type.Array(offerSchema),
  ...partGapsSchema,
});
export type Home = Static<typeof homeSchema>;

export interface HomeParts {
  readonly user: User;
  readonly orders: readonly Order[] | undefined;
  readonly shipments: readonly Shipment[] | undefined;
  readonly offers: readonly Offer[];
}

export function homeView(parts: HomeParts): Omit<Home, keyof typeof partGapsSchema> {
  return {
    user: userView(parts.user),
    orders: parts.orders?.map((order) => orderView(order)) ?? null,
    shipments: parts.shipments?.map((shipment) => shipmentView(shipment)) ?? null,
    offers: parts.offers.map((offer) => offerView(offer)),
  };
}
