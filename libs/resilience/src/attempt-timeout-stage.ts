import { type CancelListener, type Clock } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { type Answer, type Attempt, CallStage, type DoneListener } from './call-stage.ts';
import { Expiring, ExpiryLine } from './expiry-line.ts';
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
  readonly #parts: WatchParts;

  constructor(next: CallStage<T, A>, clock: Clock, upstream: string, limits: AttemptLimits) {
    super();
    this.#next = next;
    this.#parts = { clock, upstream, limits, line: new ExpiryLine(clock) };
  }

  override async run(attempt: T): Promise<A> {
    if (isAborted(attempt)) throw abortReason(attempt.signal);
    const watch = new Watch(attempt, this.#parts);
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

interface WatchParts {
  readonly clock: Clock;
  readonly upstream: string;
  readonly limits: AttemptLimits;
  readonly line: ExpiryLine;
}

/** Both limits in turn: it lines up again only when the head came in time but the body did not. */
class Watch extends Expiring implements DoneListener, CancelListener {
  readonly #attempt: Attempt;
  readonly #parts: WatchParts;
  readonly #endsAtMs: number;

  constructor(attempt: Attempt, parts: WatchParts) {
    super();
    this.#attempt = attempt;
    this.#parts = parts;
    const { clock, limits, line } = parts;
    const nowMs = clock.monotonic();
    const { limitMs, deadline, cancellation } = attempt;
    this.#endsAtMs = Math.min(nowMs + (limitMs ?? limits.attemptMs), deadline.expiresAtMs);
    this.expiresAtMs = Math.min(nowMs + (limitMs ?? limits.firstByteMs), this.#endsAtMs);
    line.add(this);
    if (cancellation) cancellation.add(this);
    else attempt.signal.addEventListener('abort', this);
  }

  handleEvent(): void {
    this.cancelled();
  }

  cancelled(): void {
    this.#attempt.abort(abortReason(this.#attempt.signal));
  }

  stopTimer(): void {
    this.#parts.line.remove(this);
  }

  done(): void {
    this.stopTimer();
    const { cancellation } = this.#attempt;
    if (cancellation) cancellation.remove(this);
    else this.#attempt.signal.removeEventListener('abort', this);
  }

  override expired(): void {
    const { clock, upstream, line } = this.#parts;
    if (this.#attempt.answered && this.#endsAtMs - clock.monotonic() >= 1) {
      this.expiresAtMs = this.#endsAtMs;
      line.add(this);
    } else this.#attempt.abort(new GatewayError('upstream_timeout', { upstream }));
  }
}
