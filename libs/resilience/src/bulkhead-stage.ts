import { type Bulkhead } from './bulkhead.ts';
import { type Answer, type Call, CallStage } from './call-stage.ts';

/** Holds a place in the upstream's bulkhead from before the first attempt until the body has been read. */
export class BulkheadStage<C extends Call, A extends Answer> extends CallStage<C, A> {
  readonly #next: CallStage<C, A>;
  readonly #bulkhead: Bulkhead;

  constructor(next: CallStage<C, A>, bulkhead: Bulkhead) {
    super();
    this.#next = next;
    this.#bulkhead = bulkhead;
  }

  override async run(call: C): Promise<A> {
    const bulkhead = this.#bulkhead;
    if (!bulkhead.tryEnter()) await bulkhead.enter(call.deadline, call.signal, call.latencies.typicalMs);
    let answer: A;
    try {
      answer = await this.#next.run(call);
    } catch (error) {
      bulkhead.done();
      throw error;
    }
    answer.whenDone(bulkhead);
    return answer;
  }
}
