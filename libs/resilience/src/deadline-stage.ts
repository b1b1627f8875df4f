import { GatewayError } from '@facet/errors';
import { type Answer, type Call, CallStage } from './call-stage.ts';
import { abortReason, isAborted } from './waiting.ts';

/** Starts nothing for a call whose time is over or whose client has left. */
export class DeadlineStage<C extends Call, A extends Answer> extends CallStage<C, A> {
  readonly #next: CallStage<C, A>;
  readonly #upstream: string;

  constructor(next: CallStage<C, A>, upstream: string) {
    super();
    this.#next = next;
    this.#upstream = upstream;
  }

  override run(call: C): Promise<A> {
    if (isAborted(call)) return Promise.reject(abortReason(call.signal));
    if (call.deadline.expired) return Promise.reject(this.#late());
    return this.#next.run(call);
  }

  #late(): GatewayError {
    return new GatewayError('deadline_exceeded', {
      upstream: this.#upstream,
      proxyStatus: 'http_response_timeout',
    });
  }
}
