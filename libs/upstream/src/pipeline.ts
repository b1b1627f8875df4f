import { type Clock } from '@facet/context';
import {
  type Answer,
  type AttemptHook,
  AttemptTimeoutHook,
  type Breaker,
  BreakerHook,
  type Bulkhead,
  BulkheadStage,
  type CallStage,
  CoalesceStage,
  DeadlineStage,
  type FailureJudge,
  HedgeStage,
  HookedStage,
  OnceStage,
  type Pause,
  PauseHook,
  type RetryBudget,
  type RetryPlan,
  RetryStage,
} from '@facet/resilience';
import { MeasureHook } from './measure-hook.ts';
import { type UpstreamMetrics } from './metrics.ts';
import { type OutgoingAttempt, type OutgoingCall } from './outgoing-call.ts';
import { type UpstreamSettings } from './upstream-settings.ts';

/** What the pipelines of one upstream share. */
export interface PipelineParts {
  readonly settings: UpstreamSettings;
  readonly clock: Clock;
  readonly judge: FailureJudge;
  /** Absent: off. */
  readonly breaker: Breaker | undefined;
  /** Absent: off. */
  readonly bulkhead: Bulkhead | undefined;
  readonly budget: RetryBudget;
  readonly pause: Pause;
  readonly metrics: UpstreamMetrics | undefined;
  readonly random: () => number;
}

/** Puts a stage of somebody else's round a pipeline: the cache. */
export type StageWrapper<A> = (next: CallStage<OutgoingCall, A>) => CallStage<OutgoingCall, A>;

/** What the two pipelines of one upstream differ in. */
export interface PipelineShape<A> {
  /** Absent: one attempt only. */
  readonly retry: RetryPlan | undefined;
  /**
   * `read`: answers are understood here; they can be shared, and while the upstream asked for time the gateway answers
   * for it. `passed`: the client gets the upstream's own answer, whatever it is.
   */
  readonly answers: 'read' | 'passed';
  /** Absent: off. */
  readonly cache?: StageWrapper<A> | undefined;
}

type CallPipeline<A> = CallStage<OutgoingCall, A>;
type AttemptPipeline<A> = CallStage<OutgoingAttempt, A>;

/**
 * The path of every upstream call, in order, told from the socket outwards; the hooks of an attempt from the outermost
 * inwards. What is off is not in the chain. Built once per upstream at start.
 */
export function pipeline<A extends Answer>(
  exchange: AttemptPipeline<A>,
  parts: PipelineParts,
  { retry, answers, cache }: PipelineShape<A>,
): CallPipeline<A> {
  const { settings, clock, judge, breaker, bulkhead, budget, pause, metrics, random } = parts;
  const { name, timeouts, hedge, coalesce } = settings;
  const onRetry = (): void => metrics?.retry(name);

  const hooks: AttemptHook<OutgoingAttempt, A>[] = [
    new PauseHook(name, pause, answers === 'read'),
    // Inside the retries: each attempt asks the breaker, and a circuit that opens ends the retrying.
    ...(breaker ? [new BreakerHook<OutgoingAttempt, A>(breaker, judge)] : []),
    new AttemptTimeoutHook(clock, name, timeouts),
    new MeasureHook({ upstream: name, judge, metrics }),
  ];
  let attempt: AttemptPipeline<A> = new HookedStage(exchange, clock, hooks);
  if (hedge) attempt = new HedgeStage(attempt, { clock, upstream: name, budget, ...hedge, onHedge: onRetry });

  let call: CallPipeline<A> = retry
    ? new RetryStage(attempt, { clock, plan: retry, budget, pause, random, onRetry })
    : new OnceStage(attempt);
  call = new DeadlineStage(call, name);
  // Outside the breaker: a full bulkhead is our refusal and says nothing about the upstream.
  if (bulkhead) call = new BulkheadStage(call, bulkhead);
  // Outside the bulkhead: what is served from memory, or joins a call under way, needs no place.
  if (cache) call = cache(call);
  if (coalesce && answers === 'read') call = new CoalesceStage(call, clock, name);
  return call;
}
