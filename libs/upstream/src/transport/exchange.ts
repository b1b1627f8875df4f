import { type GatewayError } from '@facet/errors';
import { type Dispatcher } from 'undici';
import { type Abortable, type TransportAttempt, type TransportRequest } from './transport.ts';
import { failureOf } from './undici-failure.ts';

/** A request that undici can be given. */
export interface Sendable extends Dispatcher.DispatchHandler, Abortable {
  readonly request: TransportRequest;
}

/** Where requests wait for a socket. */
export interface SocketGate {
  /** Nobody wants the answer any more: what still waits need not be sent. */
  givenUp(exchange: Sendable): void;
  /** undici is done with one that was sent. */
  over(): void;
}

export interface ExchangeParts {
  readonly request: TransportRequest;
  readonly attempt: TransportAttempt;
  readonly upstream: string;
  readonly gate: SocketGate;
}

/** One request handed to undici, and the promise of its answer. */
export abstract class Exchange<A> implements Sendable {
  readonly answer: Promise<A>;
  readonly request: TransportRequest;
  protected readonly attempt: TransportAttempt;
  protected readonly upstream: string;
  protected resolve!: (answer: A) => void;
  protected controller: Dispatcher.DispatchController | undefined;
  #reject!: (error: GatewayError) => void;
  readonly #gate: SocketGate;
  #failure: GatewayError | undefined;
  #isOver = false;

  constructor({ request, attempt, upstream, gate }: ExchangeParts) {
    this.request = request;
    this.attempt = attempt;
    this.upstream = upstream;
    this.#gate = gate;
    this.answer = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.#reject = reject;
    });
  }

  /**
   * Fails at once, even while the request still waits; what there is of a socket is closed.
   */
  abort(reason: GatewayError): void {
    if (this.#failure !== undefined) return;
    this.fail(reason);
    this.controller?.abort(reason);
    this.#gate.givenUp(this);
  }

  get failed(): boolean {
    return this.#failure !== undefined;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.#failure !== undefined) controller.abort(this.#failure);
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: object,
    statusText?: string,
  ): void {
    if (status < 200) {
      this.informed(controller, status);
      return;
    }
    this.attempt.answered = true;
    try {
      this.headed(controller, status, statusText ?? '', headers as Record<string, string | string[]>);
    } catch (error) {
      this.abort(error as GatewayError);
    }
  }

  abstract onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void;

  onResponseEnd(): void {
    this.#over();
    this.ended();
  }

  onResponseError(_: Dispatcher.DispatchController | null, error: Error): void {
    this.#over();
    this.fail(failureOf(error, this.upstream, this.attempt.answered ? 'in-body' : 'before-head'));
  }

  protected fail(failure: GatewayError): void {
    if (this.#failure !== undefined) return;
    this.#failure = failure;
    this.#reject(failure);
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#gate.over();
  }

  /** An interim answer (RFC 9110, 15.2). Here: dropped. */
  protected informed(_controller: Dispatcher.DispatchController, _status: number): void {
    return;
  }

  /** The head is there. May throw a `GatewayError` to refuse it. */
  protected abstract headed(
    controller: Dispatcher.DispatchController,
    status: number,
    statusText: string,
    headers: Record<string, string | string[]>,
  ): void;

  /** The message is complete. */
  protected abstract ended(): void;
}
