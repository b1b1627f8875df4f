import { addressSchema, decimalAmount, type Page, pageSchema, pageView } from '@facet/shaping';
import { type Static, Type } from 'typebox';
import { type WebOrder } from './order.view.ts';

const decimal = Type.String({ description: 'decimal amount in `currency`, `129.90`' });

/** What sites from before v2 expect: decimal strings for amounts, and `createdAt`. */
export const orderV1Schema = Type.Object({
  id: Type.String(),
  number: Type.String(),
  status: Type.String(),
  currency: Type.String(),
  items: Type.Array(
    Type.Object({ sku: Type.String(), name: Type.String(), quantity: Type.Integer(), price: decimal }),
  ),
  shipping: decimal,
  tax: decimal,
  total: decimal,
  address: addressSchema,
  createdAt: Type.String(),
});
export const orderListV1Schema = pageSchema(orderV1Schema);
export type WebOrderV1 = Static<typeof orderV1Schema>;

/** Made from v2 alone, so that nothing upstream has to know of v1. */
export function orderV1View(order: WebOrder): WebOrderV1 {
  const { id, number, status, currency, items, shippingAddress, placedAt } = order;
  return {
    id,
    number,
    status,
    currency,
    items: items.map(({ sku, name, quantity, unitPrice }) => ({
      sku,
      name,
      quantity,
      price: decimalAmount(unitPrice),
    })),
    shipping: decimalAmount(order.shippingCost),
    tax: decimalAmount(order.tax),
    total: decimalAmount(order.total),
    address: shippingAddress,
    createdAt: placedAt,
  };
}

export function orderListV1View(page: Page<WebOrder>): Static<typeof orderListV1Schema> {
  return pageView(page, orderV1View);
}
