import { CallStage } from '@facet/resilience';
import { type OutgoingAttempt } from './outgoing-call.ts';
import { type StreamedAnswer, type Transport } from './transport/transport.ts';

/** The last stage of a pass-through call: straight on the transport, body by body. */
export class StreamStage extends CallStage<OutgoingAttempt, StreamedAnswer> {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    super();
    this.#transport = transport;
  }

  override run(attempt: OutgoingAttempt): Promise<StreamedAnswer> {
    return this.#transport.stream(attempt, attempt);
  }
}
