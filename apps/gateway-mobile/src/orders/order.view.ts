import { pageSchema } from '@facet/shaping';
import { type Order } from '@facet/upstreams-orders';
import { type Static, Type } from 'typebox';

/** An order on a phone: one line of a list. */
export const orderSchema = Type.Object({
  id: Type.String(),
  status: Type.String(),
  total: Type.Integer({ description: 'minor units of `currency`' }),
  currency: Type.String({ description: 'ISO 4217' }),
  itemCount: Type.Integer(),
  placedAt: Type.String(),
});
export type MobileOrder = Static<typeof orderSchema>;

export const orderListSchema = pageSchema(orderSchema);

export function orderView({ id, status, total, itemCount, placedAt }: Order): MobileOrder {
  return { id, status, total: total.amount, currency: total.currency, itemCount, placedAt };
}
