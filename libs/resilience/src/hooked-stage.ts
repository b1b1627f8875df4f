import { type Clock } from '@facet/context';
import { type AttemptEnd, type AttemptHook } from './attempt-hook.ts';
import { CallStage } from './call-stage.ts';

/**
 * Makes attempts with hooks around them, as if each were a stage of its own: the first is asked first and told last.
 * One promise for all of them, and one look at the clock on each side: a stage of its own costs most of a microsecond.
 */
export class HookedStage<T, A> extends CallStage<T, A> {
  readonly #next: CallStage<T, A>;
  readonly #clock: Clock;
  readonly #hooks: readonly AttemptHook<T, A>[];

  constructor(next: CallStage<T, A>, clock: Clock, hooks: readonly AttemptHook<T, A>[]) {
    super();
    this.#next = next;
    this.#clock = clock;
    this.#hooks = hooks;
  }

  override run(attempt: T): Promise<A> {
    const ends: AttemptEnd<A>[] = [];
    let answer: Promise<A>;
    try {
      const nowMs = this.#clock.monotonic();
      for (const hook of this.#hooks) ends.push(hook.begin(attempt, nowMs));
      answer = this.#next.run(attempt);
    } catch (error) {
      return this.#failed(ends, error);
    }
    return answer.then(
      (given) => this.#answered(ends, given),
      (error: unknown) => this.#failed(ends, error),
    );
  }

  #answered(ends: readonly AttemptEnd<A>[], answer: A): A {
    const nowMs = this.#clock.monotonic();
    for (let index = ends.length - 1; index >= 0; index--) ends[index]?.answered(answer, nowMs);
    return answer;
  }

  async #failed(ends: readonly AttemptEnd<A>[], error: unknown): Promise<never> {
    const nowMs = this.#clock.monotonic();
    for (let index = ends.length - 1; index >= 0; index--) ends[index]?.failed(error, nowMs);
    throw error;
  }
}
