import { type CancelListener, type Clock, type TimerHandle } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { type Answer, type Attempt, CallStage, type DoneListener } from './call-stage.ts';
import { abortReason, isAborted } from './waiting.ts';

export interface AttemptLimits {
  /** Until the head of the answer is there, connecting included. */
  readonly firstByteMs: number;
  /** For the whole attempt; of a streamed answer only its head counts. */
  readonly attemptMs: number;
}

/**
 * Ends an attempt at its own limit or the call's deadline, whichever comes first, and when the client leaves: by
 * aborting this attempt alone, never its neighbours.
 */
export class AttemptTimeoutStage<T extends Attempt, A extends Answer> extends CallStage<T, A> {
  readonly #next: CallStage<T, A>;
  readonly #clock: Clock;
  readonly #upstream: string;
  readonly #limits: AttemptLimits;

  constructor(next: CallStage<T, A>, clock: Clock, upstream: string, limits: AttemptLimits) {
    super();
    this.#next = next;
    this.#clock = clock;
    this.#upstream = upstream;
    this.#limits = limits;
  }

  override async run(attempt: T): Promise<A> {
    if (isAborted(attempt)) throw abortReason(attempt.signal);
    const watch = new Watch(this.#clock, this.#upstream, attempt, this.#limits);
    let answer: A;
    try {
      answer = await this.#next.run(attempt);
    } catch (error) {
      watch.done();
      throw error;
    }
    watch.stopTimer();
    answer.whenDone(watch);
    return answer;
  }
}

/** One timer for both limits: it is set again only when the head came in time but the body did not. */
class Watch implements DoneListener, CancelListener {
  readonly #clock: Clock;
  readonly #upstream: string;
  readonly #attempt: Attempt;
  readonly #endsAtMs: number;
  #timer: TimerHandle | undefined;

  constructor(clock: Clock, upstream: string, attempt: Attempt, limits: AttemptLimits) {
    this.#clock = clock;
    this.#upstream = upstream;
    this.#attempt = attempt;
    const limitMs = Math.min(attempt.limitMs ?? limits.attemptMs, attempt.deadline.remainingMs());
    this.#endsAtMs = clock.monotonic() + limitMs;
    this.#timer = clock.setTimeout(this.#expire, Math.min(limitMs, attempt.limitMs ?? limits.firstByteMs));
    if (attempt.cancellation) attempt.cancellation.add(this);
    else attempt.signal.addEventListener('abort', this);
  }

  handleEvent(): void {
    this.cancelled();
  }

  cancelled(): void {
    this.#attempt.abort(abortReason(this.#attempt.signal));
  }

  stopTimer(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  done(): void {
    this.stopTimer();
    const { cancellation } = this.#attempt;
    if (cancellation) cancellation.remove(this);
    else this.#attempt.signal.removeEventListener('abort', this);
  }

  readonly #expire = (): void => {
    const leftMs = this.#endsAtMs - this.#clock.monotonic();
    if (this.#attempt.answered && leftMs >= 1) {
      this.#timer = this.#clock.setTimeout(this.#expire, leftMs);
      return;
    }
    this.#timer = undefined;
    this.#attempt.abort(new GatewayError('upstream_timeout', { upstream: this.#upstream }));
  };
}
