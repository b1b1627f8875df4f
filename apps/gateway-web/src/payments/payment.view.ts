import { moneySchema, nullable, projection } from '@facet/shaping';
import { Type } from 'typebox';

/** The outcome of a charge and what was charged. */
export const paymentSchema = Type.Object({
  id: Type.String(),
  orderId: nullable(Type.String()),
  customerId: nullable(Type.String()),
  status: Type.String(),
  amount: moneySchema,
  method: Type.Object({
    type: Type.String(),
    brand: nullable(Type.String()),
    last4: nullable(Type.String()),
  }),
  description: nullable(Type.String()),
  createdAt: Type.String(),
});

export const paymentView = projection(paymentSchema);
