export { type AttemptEnd, AttemptHook } from './attempt-hook.ts';
export { type AttemptLimits, AttemptTimeoutHook } from './attempt-timeout-hook.ts';
export { Bulkhead, type BulkheadSettings } from './bulkhead.ts';
export { BulkheadStage } from './bulkhead-stage.ts';
export { Breaker, type BreakerSettings, type CircuitHold, type CircuitState } from './breaker.ts';
export { BreakerHook } from './breaker-hook.ts';
export {
  type Answer,
  type Attempt,
  type Call,
  CallStage,
  type DoneListener,
  type RepeatableCall,
} from './call-stage.ts';
export { type CoalescableCall, CoalesceStage } from './coalesce-stage.ts';
export { DeadlineStage } from './deadline-stage.ts';
export { Expiring, ExpiryLine } from './expiry-line.ts';
export { type HedgeableAttempt, type HedgeParts, HedgeStage } from './hedge-stage.ts';
export { HookedStage } from './hooked-stage.ts';
export { Latencies } from './latencies.ts';
export { OnceStage } from './once-stage.ts';
export { FailureJudge, type Outcome, StandardFailureJudge } from './outcome.ts';
export { Pause } from './pause.ts';
export { PauseHook } from './pause-hook.ts';
export { parseRetryAfterMs } from './retry-after.ts';
export { RetryBudget } from './retry-budget.ts';
export { delayBoundMs, jitteredDelayMs, longestPlanMs, type RetryPlan } from './retry-plan.ts';
export { RetryStage } from './retry-stage.ts';
export { abortReason, delay } from './waiting.ts';
