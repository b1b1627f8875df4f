import { addressSchema, moneySchema, nullable, pageSchema, projection } from '@facet/shaping';
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
});

const billingSchema = Type.Object({
  address: addressSchema,
  method: nullable(
    Type.Object({ type: Type.String(), brand: nullable(Type.String()), last4: nullable(Type.String()) }),
  ),
  vatId: nullable(Type.String()),
});

/** An order with everything its customer may know of it. */
export const orderSchema = Type.Object({
  id: Type.String(),
  number: Type.String(),
  customerId: Type.String(),
  status: Type.String(),
  currency: Type.String({ description: 'ISO 4217' }),
  items: Type.Array(orderItemSchema),
  itemCount: Type.Integer(),
  subtotal: moneySchema,
  discount: moneySchema,
  shippingCost: moneySchema,
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
});
export type WebOrder = Static<typeof orderSchema>;

export const orderListSchema = pageSchema(orderSchema);

export const orderView = projection(orderSchema);
