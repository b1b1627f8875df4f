import { decimalMoney, decimalMoneySchema, type Page, pageSchema, pageView } from '@facet/shaping';
import { type Order } from '@facet/upstreams-orders';
import { type Static, Type } from 'typebox';
import { openSchema } from '../open-schema.ts';

/** What is to follow v2: decimal sums; all else as in v2, what the upstream adds too. */
export const orderV3Schema = openSchema(
  Type.Object({
    id: Type.String(),
    subtotal: decimalMoneySchema,
    discount: decimalMoneySchema,
    shippingCost: decimalMoneySchema,
    tax: decimalMoneySchema,
    total: decimalMoneySchema,
  }),
);
export const orderListV3Schema = pageSchema(orderV3Schema);

/** Made from v2 alone, as v1 is. */
export function orderV3View(order: Order): Static<typeof orderV3Schema> {
  return {
    ...order,
    subtotal: decimalMoney(order.subtotal),
    discount: decimalMoney(order.discount),
    shippingCost: decimalMoney(order.shippingCost),
    tax: decimalMoney(order.tax),
    total: decimalMoney(order.total),
  };
}

export function orderListV3View(page: Page<Order>): Static<typeof orderListV3Schema> {
  return pageView(page, orderV3View);
}
