import {
  type Answer,
  type AttemptEnd,
  AttemptHook,
  type FailureJudge,
  type Outcome,
} from '@facet/resilience';
import { type UpstreamMetrics } from './metrics.ts';
import { type OutgoingAttempt } from './outgoing-call.ts';

export interface MeasureParts {
  readonly upstream: string;
  readonly judge: FailureJudge;
  /** Absent: only the latencies that retries and hedging need are kept. */
  readonly metrics: UpstreamMetrics | undefined;
}

/** Counts each attempt that is really sent, and remembers how long good ones took. */
export class MeasureHook<A extends Answer> extends AttemptHook<OutgoingAttempt, A> {
  readonly #parts: MeasureParts;

  constructor(parts: MeasureParts) {
    super();
    this.#parts = parts;
  }

  override begin(attempt: OutgoingAttempt, nowMs: number): AttemptEnd<A> {
    attempt.call.parts.context.decisions.attempts++;
    return new Measured(this.#parts, attempt, nowMs);
  }
}

class Measured<A extends Answer> implements AttemptEnd<A> {
  readonly #parts: MeasureParts;
  readonly #attempt: OutgoingAttempt;
  readonly #startedAtMs: number;

  constructor(parts: MeasureParts, attempt: OutgoingAttempt, startedAtMs: number) {
    this.#parts = parts;
    this.#attempt = attempt;
    this.#startedAtMs = startedAtMs;
  }

  answered({ status }: A, nowMs: number): void {
    this.#record(this.#parts.judge.ofStatus(status), nowMs - this.#startedAtMs);
  }

  failed(error: unknown, nowMs: number): void {
    this.#record(this.#parts.judge.ofError(error), nowMs - this.#startedAtMs);
  }

  #record(outcome: Outcome, tookMs: number): void {
    if (outcome === 'success') this.#attempt.latencies.record(tookMs);
    this.#parts.metrics?.attempt(this.#parts.upstream, outcome, tookMs);
  }
}
