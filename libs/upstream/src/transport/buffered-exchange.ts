import { GatewayError } from '@facet/errors';
import { type DoneListener } from '@facet/resilience';
import { Exchange, type ExchangeParts } from './exchange.ts';
import { type AnswerHead } from './http1/answer-head.ts';
import { type BufferedAnswer } from './transport.ts';
import { wholeBody } from './whole-body.ts';

/** Bytes of an unwanted body that are read so that its socket can be used again; past that the socket is closed. */
const drainCapBytes = 64 * 1024;

/** Receives one answer into memory. Unwanted bodies are answered at their head and drained behind the caller's back. */
export class BufferedExchange extends Exchange<BufferedAnswer> {
  readonly #maxBytes: number;
  readonly #chunks: Buffer[] = [];
  #head: AnswerHead | undefined;
  #bytes = 0;
  #draining = false;

  constructor(parts: ExchangeParts, maxBytes: number) {
    super(parts);
    this.#maxBytes = maxBytes;
  }

  protected override accept(head: AnswerHead): void {
    this.#head = head;
    const length = head.declaredLength;
    if (!this.request.wants(head.status)) this.#drain(head);
    else if (length > this.#maxBytes) throw this.#tooLarge();
  }

  override received(chunk: Buffer): boolean {
    this.#bytes += chunk.length;
    if (this.#draining) {
      if (this.#bytes > drainCapBytes) this.#drop();
    } else if (this.#bytes > this.#maxBytes) {
      this.abort(this.#tooLarge());
    } else {
      this.#chunks.push(chunk);
    }
    return true;
  }

  protected override finish(): void {
    if (this.#draining || this.#head === undefined) return;
    this.resolve(new WholeAnswer(this.#head, wholeBody(this.#chunks, this.#bytes)));
  }

  #drain(head: AnswerHead): void {
    this.#draining = true;
    this.resolve(new WholeAnswer(head, wholeBody([], 0)));
    if (head.declaredLength > drainCapBytes) this.#drop();
  }

  #drop(): void {
    this.abort(new GatewayError('client_closed_request', { upstream: this.upstream }));
  }

  #tooLarge(): GatewayError {
    return new GatewayError('upstream_body_too_large', { upstream: this.upstream });
  }
}

class WholeAnswer implements BufferedAnswer {
  readonly head: AnswerHead;
  readonly body: Buffer;

  constructor(head: AnswerHead, body: Buffer) {
    this.head = head;
    this.body = body;
  }

  get status(): number {
    return this.head.status;
  }

  get retryAfter(): string | undefined {
    return this.head.value('retry-after');
  }

  discard(): void {
    // The body is in memory, or already being drained: nothing is held.
  }

  whenDone(listener: DoneListener): void {
    listener.done();
  }
}
