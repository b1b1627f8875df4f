import { decimalMoney, decimalMoneySchema, type Page, pageSchema, pageView } from '@facet/shaping';
import { type Static, Type } from 'typebox';
import { type MobileOrder } from './order.view.ts';

/** What is to follow v2: the total as one object, decimal, so that no app divides by 100 where a currency has no cents. */
export const orderV3Schema = Type.Object({
  id: Type.String(),
  status: Type.String(),
  total: decimalMoneySchema,
  itemCount: Type.Integer(),
  placedAt: Type.String(),
});
export const orderListV3Schema = pageSchema(orderV3Schema);

/** Made from v2 alone, as v1 is. */
export function orderV3View({
  id,
  status,
  total,
  currency,
  itemCount,
  placedAt,
}: MobileOrder): Static<typeof orderV3Schema> {
  return { id, status, total: decimalMoney({ amount: total, currency }), itemCount, placedAt };
}

export function orderListV3View(page: Page<MobileOrder>): Static<typeof orderListV3Schema> {
  return pageView(page, orderV3View);
}
