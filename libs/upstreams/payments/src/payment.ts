import { internalSchema, moneySchema, nullable } from '@facet/shaping';
import { type Static, Type } from 'typebox';

/** A payment as payment-service answers it: `captured`, `declined` or `refunded`. */
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
  internal: internalSchema,
});
export type Payment = Static<typeof paymentSchema>;

/** Request schema of a charge. `amount` in minor units; the caller pays. */
export const newChargeSchema = Type.Object(
  {
    amount: Type.Integer({ minimum: 1, maximum: 100_000_000 }),
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
    orderId: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    description: Type.Optional(Type.String({ maxLength: 500 })),
  },
  { additionalProperties: false },
);
export type NewCharge = Static<typeof newChargeSchema>;
