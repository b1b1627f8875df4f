import { GatewayError } from '@facet/errors';
import { type AttemptEnd, AttemptHook } from './attempt-hook.ts';
import { type Answer, type Attempt } from './call-stage.ts';
import { type Pause } from './pause.ts';

/** Sends no attempt while its upstream has asked for time; the caller is told how long that is. */
export class PauseHook<T extends Attempt, A extends Answer>
  extends AttemptHook<T, A>
  implements AttemptEnd<A>
{
  readonly #upstream: string;
  readonly #pause: Pause;
  readonly #holdsFirst: boolean;

  /** @param holdsFirst false: first attempts go out all the same, only repeated ones wait for the pause to end */
  constructor(upstream: string, pause: Pause, holdsFirst: boolean) {
    super();
    this.#upstream = upstream;
    this.#pause = pause;
    this.#holdsFirst = holdsFirst;
  }

  override begin(attempt: T): AttemptEnd<A> {
    const retryAfterMs = this.#pause.remainingMs;
    if (retryAfterMs > 0 && (this.#holdsFirst || attempt.number > 1)) {
      throw new GatewayError('upstream_unavailable', { upstream: this.#upstream, retryAfterMs });
    }
    // It remembers nothing of an attempt, so all attempts share it.
    return this;
  }

  answered(answer: A): void {
    this.#pause.heed(answer);
  }

  failed(): void {
    // Who did not answer asked for nothing.
  }
}
