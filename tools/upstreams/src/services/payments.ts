import { Type } from 'typebox';
import { paymentInternal } from '../data/payments.ts';
import { createCheck } from '../http/check.ts';
import { created, type Inbound, ok } from '../http/exchange.ts';
import { IdempotentReplies } from '../http/idempotency.ts';
import { type ServiceDefinition } from '../http/service.ts';
import { type NewCharge, type Payment } from '../model.ts';
import { type Store } from './store.ts';

/** As card test systems do: this amount is always declined, so that the refusal can be shown. */
const DECLINED_AMOUNT = 402;

const checkNewCharge = createCheck(
  Type.Object({
    amount: Type.Integer({ minimum: 1, maximum: 100_000_000 }),
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
    orderId: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    customerId: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    description: Type.Optional(Type.String({ maxLength: 500 })),
  }),
);

const callerOf = ({ headers }: Inbound): string | null => {
  const subject = headers['x-user-id'];
  return typeof subject === 'string' ? subject : null;
};

const charge = (store: Store, input: NewCharge, caller: string | null): Payment => {
  const { number, at } = store.nextStamp();
  const id = `pay_${number}`;
  const amount = { amount: input.amount, currency: input.currency };
  return {
    id,
    orderId: input.orderId ?? null,
    customerId: input.customerId ?? caller,
    status: input.amount === DECLINED_AMOUNT ? 'declined' : 'captured',
    amount,
    method: { type: 'card', brand: 'Visa', last4: '4242' },
    description: input.description ?? null,
    createdAt: at,
    internal: paymentInternal(id, amount),
  };
};

/** Charges succeed at once, but for the amount 402, which is declined. */
export const paymentsService = (store: Store): ServiceDefinition => {
  const replies = new IdempotentReplies();
  return {
    name: 'payments',
    routes: {
      'POST /charges': async (inbound) => {
        const input: NewCharge = checkNewCharge(await inbound.body());
        return replies.answer(inbound, input, () => {
          const payment = charge(store, input, callerOf(inbound));
          store.payments.addFirst(payment);
          return created(payment, `/payments/${payment.id}`);
        });
      },
      'GET /payments/:id': ({ params }) => ok(store.payments.get(params['id'] ?? '')),
    },
  };
};
