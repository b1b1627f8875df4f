import { type Answer, type Attempt, CallStage, type RepeatableCall } from './call-stage.ts';

/** Makes exactly one attempt: what stands in the place of retrying when that is off. */
export class OnceStage<T extends Attempt, A extends Answer, C extends RepeatableCall<T>> extends CallStage<
  C,
  A
> {
  readonly #next: CallStage<T, A>;

  constructor(next: CallStage<T, A>) {
    super();
    this.#next = next;
  }

  override run(call: C): Promise<A> {
    return this.#next.run(call.nextAttempt());
  }
}
