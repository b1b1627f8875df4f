import { type Clock } from '@facet/context';
import { type GatewayError } from '@facet/errors';
import { type Breaker, type BreakerTicket } from './breaker.ts';
import { type Answer, type Attempt, CallStage, type DoneListener } from './call-stage.ts';
import { type FailureJudge, type Outcome } from './outcome.ts';

/** Asks the upstream's breaker before each attempt and tells it the outcome. */
export class BreakerStage<T extends Attempt, A extends Answer> extends CallStage<T, A> {
  readonly #next: CallStage<T, A>;
  readonly #clock: Clock;
  readonly #breaker: Breaker;
  readonly #judge: FailureJudge;

  constructor(next: CallStage<T, A>, clock: Clock, breaker: Breaker, judge: FailureJudge) {
    super();
    this.#next = next;
    this.#clock = clock;
    this.#breaker = breaker;
    this.#judge = judge;
  }

  override async run(attempt: T): Promise<A> {
    const ticket = this.#breaker.admit();
    const startedAtMs = this.#clock.monotonic();
    let answer: A;
    try {
      answer = await this.#next.run(attempt);
    } catch (error) {
      const tookMs = this.#clock.monotonic() - startedAtMs;
      this.#breaker.settle(ticket, this.#ofError(error, attempt, tookMs), tookMs);
      throw error;
    }
    const tookMs = this.#clock.monotonic() - startedAtMs;
    this.#breaker.settle(ticket, this.#judge.ofStatus(answer.status), tookMs);
    answer.whenDone(new BodyWatch(this.#breaker, this.#judge, ticket));
    return answer;
  }

  /** A caller who had less time left than a typical call takes says nothing about the upstream. */
  #ofError(error: unknown, attempt: T, tookMs: number): Outcome {
    const outcome = this.#judge.ofError(error);
    const hurried = outcome === 'failure' && attempt.deadline.expired && tookMs < attempt.latencies.typicalMs;
    return hurried ? 'ignored' : outcome;
  }
}

/** A body that breaks off after a good head counts as one failure more. */
class BodyWatch implements DoneListener {
  readonly #breaker: Breaker;
  readonly #judge: FailureJudge;
  readonly #ticket: BreakerTicket;

  constructor(breaker: Breaker, judge: FailureJudge, ticket: BreakerTicket) {
    this.#breaker = breaker;
    this.#judge = judge;
    this.#ticket = ticket;
  }

  done(failure?: GatewayError): void {
    if (failure === undefined) return;
    this.#breaker.settle(this.#ticket, this.#judge.ofError(failure), 0);
  }
}
