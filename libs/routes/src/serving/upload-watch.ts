import { type Clock, type TimerHandle } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { type RequestBody } from './request-body.ts';

/** A client or upstream slower than this is taken for a stalled one. */
const slowestBytesPerMs = 16;

/**
 * The time limit of a request whose body is still coming: the time for an answer, and more with every byte, so that
 * a large upload is not cut short and a trickle does not hold an upstream's place.
 */
export class UploadWatch {
  readonly #clock: Clock;
  readonly #body: RequestBody;
  readonly #answerMs: number;
  readonly #controller = new AbortController();
  #limitAtMs: number;
  #timer: TimerHandle | undefined;

  /** @param answerMs allowed for the answer, from the last byte on */
  constructor(clock: Clock, body: RequestBody, answerMs: number) {
    this.#clock = clock;
    this.#body = body;
    this.#answerMs = answerMs;
    this.#limitAtMs = clock.monotonic() + answerMs;
    this.#arm();
    body.once('end', this.#onEnd);
  }

  /** Aborts, with the reason, when the time is over. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The answer is there, or no longer wanted. */
  stop(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#body.off('end', this.#onEnd);
  }

  readonly #onEnd = (): void => {
    this.stop();
    this.#limitAtMs = this.#clock.monotonic() + this.#answerMs;
    this.#arm();
  };

  #arm(): void {
    this.#timer = this.#clock.setTimeout(this.#expire, this.#limitAtMs - this.#clock.monotonic());
  }

  readonly #expire = (): void => {
    this.#timer = undefined;
    const grantedMs = this.#body.readableEnded ? 0 : this.#body.receivedBytes / slowestBytesPerMs;
    if (this.#limitAtMs + grantedMs > this.#clock.monotonic()) {
      this.#timer = this.#clock.setTimeout(
        this.#expire,
        this.#limitAtMs + grantedMs - this.#clock.monotonic(),
      );
    } else this.#controller.abort(this.#reason());
  };

  #reason(): GatewayError {
    const isClientSlow = !this.#body.readableEnded && !this.#body.isBlocked;
    return isClientSlow
      ? new GatewayError('request_timeout', { closeConnection: true })
      : new GatewayError('upstream_timeout');
  }
}
