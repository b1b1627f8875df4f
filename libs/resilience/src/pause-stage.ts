import { GatewayError } from '@facet/errors';
import { type Answer, type Attempt, CallStage } from './call-stage.ts';
import { type Pause } from './pause.ts';

/** Sends no attempt while its upstream has asked for time; the caller is told how long that is. */
export class PauseStage<T extends Attempt, A extends Answer> extends CallStage<T, A> {
  readonly #next: CallStage<T, A>;
  readonly #upstream: string;
  readonly #pause: Pause;
  readonly #holdsFirst: boolean;

  /** @param holdsFirst false: first attempts go out all the same, only repeated ones wait for the pause to end */
  constructor(next: CallStage<T, A>, upstream: string, pause: Pause, holdsFirst: boolean) {
    super();
    this.#next = next;
    this.#upstream = upstream;
    this.#pause = pause;
    this.#holdsFirst = holdsFirst;
  }

  override async run(attempt: T): Promise<A> {
    const retryAfterMs = this.#pause.remainingMs;
    if (retryAfterMs > 0 && (this.#holdsFirst || attempt.number > 1)) {
      throw new GatewayError('upstream_unavailable', { upstream: this.#upstream, retryAfterMs });
    }
    const answer = await this.#next.run(attempt);
    this.#pause.heed(answer);
    return answer;
  }
}
