import { decimalAmount, type Page, pageSchema, pageView } from '@facet/shaping';
import { type Order } from '@facet/upstreams-orders';
import { type Static, Type } from 'typebox';
import { openSchema } from '../open-schema.ts';

/** What tools from before v2 expect: a decimal string for the total, and `createdAt`; all else as in v2. */
export const orderV1Schema = openSchema(
  Type.Object({
    id: Type.String(),
    total: Type.String({ description: 'decimal amount in `currency`, `129.90`' }),
    currency: Type.String(),
    createdAt: Type.String(),
  }),
);
export const orderListV1Schema = pageSchema(orderV1Schema);

/** Made from v2 alone, so that nothing upstream has to know of v1. */
export function orderV1View({ total, placedAt, ...order }: Order): Static<typeof orderV1Schema> {
  return { ...order, total: decimalAmount(total), createdAt: placedAt };
}

export function orderListV1View(page: Page<Order>): Static<typeof orderListV1Schema> {
  return pageView(page, orderV1View);
}
