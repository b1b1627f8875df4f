export { chargeLimits } from './charge-limits.ts';
export { type NewCharge, newChargeSchema, type Payment, paymentSchema } from './payment.ts';
export { PaymentsClientModule } from './payments-client.module.ts';
export { PaymentsClient } from './payments.client.ts';
