import { GatewayError } from '@facet/errors';
import { Readable } from 'node:stream';
import { type AnswerHead } from './http1/answer-head.ts';
import { type Abortable, type TransportAttempt, type TransportRequest } from './transport.ts';

/** The connection an answer comes on, as far as its receiver may touch it. */
export interface AnswerSource {
  /** No more for now. */
  pause(): void;
  resume(): void;
  /** Closes it. */
  abort(reason: GatewayError): void;
}

/** A request that a connection can carry, told of its answer in this order. */
export interface Sendable extends Abortable {
  readonly request: TransportRequest;
  began(source: AnswerSource): void;
  informed(head: AnswerHead): void;
  headed(head: AnswerHead): void;
  /** False: hold back. */
  received(chunk: Buffer): boolean;
  /** The message is complete. */
  ended(): void;
  /** It will never be. Instead of `ended`. */
  broke(failure: GatewayError): void;
}

/** Where requests wait for a connection. */
export interface SocketGate {
  /** Nobody wants the answer any more: what still waits need not be sent. */
  givenUp(exchange: Sendable): void;
  /** One that was sent is over. */
  over(): void;
}

export interface ExchangeParts {
  readonly request: TransportRequest;
  readonly attempt: TransportAttempt;
  readonly upstream: string;
  readonly gate: SocketGate;
}

/** One request handed to a connection, and the promise of its answer. */
export abstract class Exchange<A> implements Sendable {
  readonly answer: Promise<A>;
  readonly request: TransportRequest;
  protected readonly attempt: TransportAttempt;
  protected readonly upstream: string;
  protected resolve!: (answer: A) => void;
  protected source: AnswerSource | undefined;
  #reject!: (error: GatewayError) => void;
  readonly #gate: SocketGate;
  #failure: GatewayError | undefined;

  constructor({ request, attempt, upstream, gate }: ExchangeParts) {
    this.request = request;
    this.attempt = attempt;
    this.upstream = upstream;
    this.#gate = gate;
    this.answer = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.#reject = reject;
    });
    // Also while the request waits: an upload that breaks off is the client's doing, not the upstream's.
    if (request.body instanceof Readable) {
      request.body.once('error', () => this.abort(new GatewayError('client_closed_request', { upstream })));
    }
  }

  /**
   * Fails at once, even while the request still waits; what there is of a socket is closed.
   */
  abort(reason: GatewayError): void {
    if (this.#failure !== undefined) return;
    this.fail(reason);
    this.source?.abort(reason);
    this.#gate.givenUp(this);
  }

  get failed(): boolean {
    return this.#failure !== undefined;
  }

  began(source: AnswerSource): void {
    this.source = source;
  }

  headed(head: AnswerHead): void {
    this.attempt.answered = true;
    try {
      this.accept(head);
    } catch (error) {
      this.abort(error as GatewayError);
    }
  }

  ended(): void {
    this.source = undefined;
    this.#gate.over();
    this.finish();
  }

  broke(failure: GatewayError): void {
    this.source = undefined;
    this.#gate.over();
    this.fail(failure);
  }

  abstract received(chunk: Buffer): boolean;

  /** An interim answer (RFC 9110, 15.2). Here: dropped. */
  informed(_head: AnswerHead): void {
    return;
  }

  protected fail(failure: GatewayError): void {
    if (this.#failure !== undefined) return;
    this.#failure = failure;
    this.#reject(failure);
    if (this.request.body instanceof Readable) this.request.body.destroy();
  }

  /** The head is there. May throw a `GatewayError` to refuse it. */
  protected abstract accept(head: AnswerHead): void;

  /** The message is complete. */
  protected abstract finish(): void;
}
