import { addressInput } from '@facet/shaping';
import { type Static, Type } from 'typebox';

export const orderStatuses = [
  'pending',
  'paid',
  'processing',
  'shipped',
  'delivered',
  'cancelled',
  'returned',
] as const;
export type OrderStatus = (typeof orderStatuses)[number];

/** What a client may say of a new order; whose it is, the gateway says. */
export const newOrderMembers = {
  items: Type.Array(
    Type.Object(
      {
        productId: Type.String({ minLength: 1, maxLength: 100 }),
        quantity: Type.Integer({ minimum: 1, maximum: 99 }),
      },
      { additionalProperties: false },
    ),
    { minItems: 1, maxItems: 50 },
  ),
  /** Default: the customer's default address. */
  shippingAddress: Type.Optional(addressInput),
  /** Default `standard`. */
  shippingMethod: Type.Optional(Type.Enum(['standard', 'express', 'pickup'])),
  customerNote: Type.Optional(Type.String({ maxLength: 500 })),
};

/** Request schema of `POST /orders` where the customer orders. */
export const newOrderSchema = Type.Object(newOrderMembers, { additionalProperties: false });
export type NewOrderInput = Static<typeof newOrderSchema>;

export type NewOrder = NewOrderInput & { readonly customerId: string };
