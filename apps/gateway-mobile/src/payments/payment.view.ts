import { nullable } from '@facet/shaping';
import { type Payment } from '@facet/upstreams-payments';
import { type Static, Type } from 'typebox';

/** The outcome of a charge; `amount` in minor units of `currency`. */
export const paymentSchema = Type.Object({
  id: Type.String(),
  status: Type.String(),
  amount: Type.Integer(),
  currency: Type.String(),
  orderId: nullable(Type.String()),
  createdAt: Type.String(),
});
export type MobilePayment = Static<typeof paymentSchema>;

export function paymentView({ id, status, amount, orderId, createdAt }: Payment): MobilePayment {
  return { id, status, amount: amount.amount, currency: amount.currency, orderId, createdAt };
}
