import { decimalAmount, type Page, pageSchema, pageView } from '@facet/shaping';
import { type Static, Type } from 'typebox';
import { type MobileOrder } from './order.view.ts';

/** What apps from before v2 expect: a decimal string for the price, `items` for their number. */
export const orderV1Schema = Type.Object({
  id: Type.String(),
  status: Type.String(),
  total: Type.String({ description: 'decimal, `129.90`' }),
  currency: Type.String(),
  items: Type.Integer(),
  date: Type.String(),
});
export const orderListV1Schema = pageSchema(orderV1Schema);
export type MobileOrderV1 = Static<typeof orderV1Schema>;

/** Made from v2 alone, so that nothing upstream has to know of v1. */
export function orderV1View({
  id,
  status,
  total,
  currency,
  itemCount,
  placedAt,
}: MobileOrder): MobileOrderV1 {
  return {
    id,
    status,
    total: decimalAmount({ amount: total, currency }),
    currency,
    items: itemCount,
    date: placedAt,
  };
}

export function orderListV1View(page: Page<MobileOrder>): Static<typeof orderListV1Schema> {
  return pageView(page, orderV1View);
}
