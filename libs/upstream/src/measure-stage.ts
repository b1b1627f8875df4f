import { type Clock } from '@facet/context';
import { type Answer, CallStage, type FailureJudge, type Outcome } from '@facet/resilience';
import { type UpstreamMetrics } from './metrics.ts';
import { type OutgoingAttempt } from './outgoing-call.ts';

export interface MeasureParts {
  readonly clock: Clock;
  readonly upstream: string;
  readonly judge: FailureJudge;
  /** Absent: only the latencies that retries and hedging need are kept. */
  readonly metrics: UpstreamMetrics | undefined;
}

/** Counts each attempt that is really sent, and remembers how long good ones took. */
export class MeasureStage<A extends Answer> extends CallStage<OutgoingAttempt, A> {
  readonly #next: CallStage<OutgoingAttempt, A>;
  readonly #parts: MeasureParts;

  constructor(next: CallStage<OutgoingAttempt, A>, parts: MeasureParts) {
    super();
    this.#next = next;
    this.#parts = parts;
  }

  override async run(attempt: OutgoingAttempt): Promise<A> {
    const { clock, judge } = this.#parts;
    const startedAtMs = clock.monotonic();
    attempt.call.parts.context.decisions.attempts++;
    try {
      const answer = await this.#next.run(attempt);
      this.#record(attempt, judge.ofStatus(answer.status), clock.monotonic() - startedAtMs);
      return answer;
    } catch (error) {
      this.#record(attempt, judge.ofError(error), clock.monotonic() - startedAtMs);
      throw error;
    }
  }

  #record(attempt: OutgoingAttempt, outcome: Outcome, tookMs: number): void {
    if (outcome === 'success') attempt.latencies.record(tookMs);
    this.#parts.metrics?.attempt(this.#parts.upstream, outcome, tookMs);
  }
}
