import { pageQuery } from '@facet/shaping';
import { newOrderMembers, orderStatuses } from '@facet/upstreams-orders';
import { type Static, Type } from 'typebox';

const customerId = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' });

/** Query of the order list: without `customerId`, the orders of every customer. */
export const orderQuery = Type.Object(
  {
    ...pageQuery,
    customerId: Type.Optional(customerId),
    status: Type.Optional(Type.Enum([...orderStatuses])),
  },
  { additionalProperties: false },
);
export type OrderQuery = Static<typeof orderQuery>;

/** An order placed on behalf of a customer. */
export const behalfOrderSchema = Type.Object(
  { customerId, ...newOrderMembers },
  { additionalProperties: false },
);
export type BehalfOrder = Static<typeof behalfOrderSchema>;
