import { decimalMoney, decimalMoneySchema, type Page, pageSchema, pageView } from '@facet/shaping';
import { type Static, Type } from 'typebox';
import { orderSchema, type WebOrder } from './order.view.ts';

const { items, currency: _currency, ...members } = orderSchema.properties;

/** What is to follow v2: amounts decimal, so that no site divides by 100 where a currency has no cents. */
export const orderV3Schema = Type.Object({
  ...members,
  items: Type.Array(
    Type.Object({
      ...items.items.properties,
      unitPrice: decimalMoneySchema,
      lineTotal: decimalMoneySchema,
    }),
  ),
  subtotal: decimalMoneySchema,
  discount: decimalMoneySchema,
  shippingCost: decimalMoneySchema,
  tax: decimalMoneySchema,
  total: decimalMoneySchema,
});
export const orderListV3Schema = pageSchema(orderV3Schema);

/** Made from v2 alone, as v1 is; each amount says its currency, so the order's own is gone. */
export function orderV3View({ currency: _, ...order }: WebOrder): Static<typeof orderV3Schema> {
  return {
    ...order,
    items: order.items.map((item) => ({
      ...item,
      unitPrice: decimalMoney(item.unitPrice),
      lineTotal: decimalMoney(item.lineTotal),
    })),
    subtotal: decimalMoney(order.subtotal),
    discount: decimalMoney(order.discount),
    shippingCost: decimalMoney(order.shippingCost),
    tax: decimalMoney(order.tax),
    total: decimalMoney(order.total),
  };
}

export function orderListV3View(page: Page<WebOrder>): Static<typeof orderListV3Schema> {
  return pageView(page, orderV3View);
}
