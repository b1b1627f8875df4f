import { addressSchema, internalSchema, moneySchema, nullable } from '@facet/shaping';
import { type Static, Type } from 'typebox';

const orderItemSchema = Type.Object({
  productId: Type.String(),
  sku: Type.String(),
  name: Type.String(),
  quantity: Type.Integer(),
  unitPrice: moneySchema,
  lineTotal: moneySchema,
  imageUrl: Type.String(),
  attributes: Type.Record(Type.String(), Type.String()),
  /** Staff only. */
  costPrice: moneySchema,
});

const billingSchema = Type.Object({
  address: addressSchema,
  /** Null until the order is paid. */
  method: nullable(
    Type.Object({ type: Type.String(), brand: nullable(Type.String()), last4: nullable(Type.String()) }),
  ),
  vatId: nullable(Type.String()),
});

/** An order as order-service answers it; instants are RFC 3339 in UTC. */
export const orderSchema = Type.Object({
  id: Type.String(),
  number: Type.String(),
  customerId: Type.String(),
  status: Type.String(),
  currency: Type.String(),
  items: Type.Array(orderItemSchema),
  /** The sum of the quantities. */
  itemCount: Type.Integer(),
  subtotal: moneySchema,
  discount: moneySchema,
  shippingCost: moneySchema,
  /** Contained in `total`. */
  tax: moneySchema,
  total: moneySchema,
  shippingMethod: Type.String(),
  shippingAddress: addressSchema,
  billing: billingSchema,
  paymentId: nullable(Type.String()),
  shipmentId: nullable(Type.String()),
  customerNote: nullable(Type.String()),
  history: Type.Array(Type.Object({ status: Type.String(), at: Type.String() })),
  placedAt: Type.String(),
  updatedAt: Type.String(),
  internal: internalSchema,
});
export type Order = Static<typeof orderSchema>;
