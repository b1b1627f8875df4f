import { pageSchema } from '@facet/shaping';
import { type Order, selectOrder } from '@facet/upstreams-orders';
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

const shown = ['id', 'status', 'total', 'itemCount', 'placedAt'] as const;
/** What is read of an upstream's order for this view; nobody minds what the rest is. */
export const orderSelection = selectOrder(...shown);
/** The same, and whose order it is. */
export const ownOrderSelection = selectOrder(...shown, 'customerId');
export type SelectedOrder = Pick<Order, (typeof shown)[number]>;

export function orderView({ id, status, total, itemCount, placedAt }: SelectedOrder): MobileOrder {
  return { id, status, total: total.amount, currency: total.currency, itemCount, placedAt };
}
