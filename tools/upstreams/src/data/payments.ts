import { type Order, type Payment, type PaymentInternal } from '../model.ts';
import { money } from './money.ts';
import { randomFor } from './random.ts';

const FEE_PERCENT = 1.4;

export const paymentInternal = (id: string, amount: Payment['amount']): PaymentInternal => {
  const random = randomFor('payment', id);
  return {
    processor: 'paylane',
    processorReference: `pl_${random.digits(12)}`,
    fee: { ...amount, amount: Math.round((amount.amount * FEE_PERCENT) / 100) },
    fraudScore: random.integer(1, 50),
  };
};

const paymentOf = (order: Order, id: string): Payment => ({
  id,
  orderId: order.id,
  customerId: order.customerId,
  status: order.status === 'cancelled' || order.status === 'returned' ? 'refunded' : 'captured',
  amount: money(order.total.amount),
  method: order.billing.method ?? { type: 'invoice', brand: null, last4: null },
  description: `Order ${order.number}`,
  createdAt: order.history.find(({ status }) => status === 'paid')?.at ?? order.placedAt,
  internal: paymentInternal(id, order.total),
});

/** One for each order that was paid, in the orders' order. */
export const buildPayments = (orders: readonly Order[]): Payment[] =>
  orders.flatMap((order) => (order.paymentId === null ? [] : [paymentOf(order, order.paymentId)]));
