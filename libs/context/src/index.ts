export { Cancellation, type CancelListener } from './cancellation.ts';
export { Clock, systemClock, type TimerHandle } from './clock.ts';
export { Deadline } from './deadline.ts';
export { DerivedContext } from './derived-context.ts';
export { FieldMap } from './field-map.ts';
export { clientGoneEvent, type HttpPolicy, type HttpPolicyResolver } from './http-policy.ts';
export { KnownTiers, type TierSource } from './known-tiers.ts';
export { LineMemo } from './line-memo.ts';
export {
  type AccessPolicy,
  type CredentialKind,
  type LimitKey,
  type LimitPolicy,
  type Policy,
  Stage,
  type StageReply,
  type StageRequest,
} from './policy.ts';
export { anonymous, type Principal, type Tier, tiers } from './principal.ts';
export { randomHex } from './random-hex.ts';
export { type Decisions, type RequestContext, type RequestWithContext } from './request-context.ts';
export { type TraceContext, traceparent } from './trace-context.ts';
