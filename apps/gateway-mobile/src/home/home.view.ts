import { partGapsSchema, nullable } from '@facet/shaping';
import { type Offer } from '@facet/upstreams-catalog';
import { type User } from '@facet/upstreams-users';
import { type Static, Type } from 'typebox';
import { orderSchema, orderView, type SelectedOrder } from '../orders/order.view.ts';
import { userSchema, userView } from '../user/user.view.ts';
import { nextDelivery, nextDeliverySchema, type SelectedShipment } from './next-delivery.view.ts';
import { offerSchema, offerView } from './offer.view.ts';

/** The start screen. A part that is missing is null and named in `parts`. */
export const homeSchema = Type.Object({
  user: userSchema,
  orders: nullable(Type.Array(orderSchema)),
  nextDelivery: nullable(nextDeliverySchema),
  offers: Type.Array(offerSchema),
  ...partGapsSchema,
});

export interface HomeParts {
  readonly user: User;
  readonly orders: readonly SelectedOrder[] | undefined;
  /** What to find the next delivery in. */
  readonly nextDelivery: readonly SelectedShipment[] | undefined;
  readonly offers: readonly Offer[];
}

export type Home = Static<typeof homeSchema>;

export function homeView(parts: HomeParts): Omit<Home, keyof typeof partGapsSchema> {
  return {
    user: userView(parts.user),
    orders: parts.orders?.map(orderView) ?? null,
    nextDelivery: parts.nextDelivery ? nextDelivery(parts.nextDelivery) : null,
    offers: parts.offers.map(offerView),
  };
}
