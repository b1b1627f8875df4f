export { type Address, addressInput, addressMembers, addressSchema } from './address.ts';
export { type IdParams, idParams } from './id-params.ts';
export { idempotencyKey } from './idempotency-key.ts';
export { internalSchema } from './internal.ts';
export { withCursor } from './cursor.ts';
export {
  decimalAmount,
  decimalMoney,
  type DecimalMoney,
  decimalMoneySchema,
  type Money,
  moneySchema,
} from './money.ts';
export { nullable } from './nullable.ts';
export { outage, type OutageOptions } from './outage.ts';
export { listQuery, noQuery, type Page, type PageQuery, pageQuery, pageSchema, pageView } from './page.ts';
export { projection } from './projection.ts';
export { partGapsSchema, screenCacheControl } from './screen.ts';
export { picked } from './selection/picked.ts';
export { selectedAnswer, upstreamAnswer, type UpstreamAnswer } from './upstream-answer.ts';
