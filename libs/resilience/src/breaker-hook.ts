import { type GatewayError } from '@facet/errors';
import { type AttemptEnd, AttemptHook } from './attempt-hook.ts';
import { type Breaker, type BreakerTicket } from './breaker.ts';
import { type Answer, type Attempt, type DoneListener } from './call-stage.ts';
import { type FailureJudge, type Outcome } from './outcome.ts';

/** Asks the upstream's breaker before each attempt and tells it the outcome. */
export class BreakerHook<T extends Attempt, A extends Answer> extends AttemptHook<T, A> {
  readonly #breaker: Breaker;
  readonly #judge: FailureJudge;

  constructor(breaker: Breaker, judge: FailureJudge) {
    super();
    this.#breaker = breaker;
    this.#judge = judge;
  }

  override begin(attempt: T, nowMs: number): AttemptEnd<A> {
    return new Admitted(this.#breaker, this.#judge, attempt, nowMs);
  }
}

class Admitted<A extends Answer> implements AttemptEnd<A>, DoneListener {
  readonly #breaker: Breaker;
  readonly #judge: FailureJudge;
  readonly #ticket: BreakerTicket;
  readonly #attempt: Attempt;
  readonly #startedAtMs: number;

  constructor(breaker: Breaker, judge: FailureJudge, attempt: Attempt, startedAtMs: number) {
    this.#breaker = breaker;
    this.#judge = judge;
    this.#ticket = breaker.admit();
    this.#attempt = attempt;
    this.#startedAtMs = startedAtMs;
  }

  answered(answer: A, nowMs: number): void {
    this.#breaker.settle(this.#ticket, this.#judge.ofStatus(answer.status), nowMs - this.#startedAtMs);
    answer.whenDone(this);
  }

  failed(error: unknown, nowMs: number): void {
    const tookMs = nowMs - this.#startedAtMs;
    this.#breaker.settle(this.#ticket, this.#ofError(error, tookMs), tookMs);
  }

  /** A body that breaks off after a good head counts as one failure more. */
  done(failure?: GatewayError): void {
    if (failure === undefined) return;
    this.#breaker.settle(this.#ticket, this.#judge.ofError(failure), 0);
  }

  /** A caller who had less time left than a typical call takes says nothing about the upstream. */
  #ofError(error: unknown, tookMs: number): Outcome {
    const { deadline, latencies } = this.#attempt;
    const outcome = this.#judge.ofError(error);
    const hurried = outcome === 'failure' && deadline.expired && tookMs < latencies.typicalMs;
    return hurried ? 'ignored' : outcome;
  }
}
