import { type CancelListener, type Clock } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { type AttemptEnd, AttemptHook } from './attempt-hook.ts';
import { type Answer, type Attempt, type DoneListener } from './call-stage.ts';
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
export class AttemptTimeoutHook<T extends Attempt, A extends Answer> extends AttemptHook<T, A> {
  readonly #parts: WatchParts;

  constructor(clock: Clock, upstream: string, limits: AttemptLimits) {
    super();
    this.#parts = { clock, upstream, limits, line: new ExpiryLine(clock) };
  }

  override begin(attempt: T, nowMs: number): AttemptEnd<A> {
    if (isAborted(attempt)) throw abortReason(attempt.signal);
    return new Watch<A>(attempt, this.#parts, nowMs);
  }
}

interface WatchParts {
  readonly clock: Clock;
  readonly upstream: string;
  readonly limits: AttemptLimits;
  readonly line: ExpiryLine;
}

/** Both limits in turn: it lines up again only when the head came in time but the body did not. */
class Watch<A extends Answer> extends Expiring implements AttemptEnd<A>, DoneListener, CancelListener {
  readonly #attempt: Attempt;
  readonly #parts: WatchParts;
  readonly #endsAtMs: number;

  constructor(attempt: Attempt, parts: WatchParts, nowMs: number) {
    super();
    this.#attempt = attempt;
    this.#parts = parts;
    const { limits, line } = parts;
    const { limitMs, deadline, cancellation } = attempt;
    this.#endsAtMs = Math.min(nowMs + (limitMs ?? limits.attemptMs), deadline.expiresAtMs);
    this.expiresAtMs = Math.min(nowMs + (limitMs ?? limits.firstByteMs), this.#endsAtMs);
    line.add(this);
    if (cancellation) cancellation.add(this);
    else attempt.signal.addEventListener('abort', this);
  }

  answered(answer: A): void {
    this.#parts.line.remove(this);
    answer.whenDone(this);
  }

  failed(): void {
    this.done();
  }

  done(): void {
    this.#parts.line.remove(this);
    const { cancellation } = this.#attempt;
    if (cancellation) cancellation.remove(this);
    else this.#attempt.signal.removeEventListener('abort', this);
  }

  handleEvent(): void {
    this.cancelled();
  }

  cancelled(): void {
    this.#attempt.abort(abortReason(this.#attempt.signal));
  }

  override expired(): void {
    const { clock, upstream, line } = this.#parts;
    if (this.#attempt.answered && this.#endsAtMs - clock.monotonic() >= 1) {
      this.expiresAtMs = this.#endsAtMs;
      line.add(this);
    } else this.#attempt.abort(new GatewayError('upstream_timeout', { upstream }));
  }
}
