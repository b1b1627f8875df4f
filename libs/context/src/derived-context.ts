import { type Deadline } from './deadline.ts';
import { type Principal } from './principal.ts';
import { type Decisions, type RequestContext } from './request-context.ts';
import { type TraceContext } from './trace-context.ts';

/** A request's context with a deadline and signal of its own, for work that ends by itself; the record is shared. */
export class DerivedContext implements RequestContext {
  readonly #request: RequestContext;
  readonly deadline: Deadline;
  readonly signal: AbortSignal;

  constructor(request: RequestContext, deadline: Deadline, signal: AbortSignal) {
    this.#request = request;
    this.deadline = deadline;
    this.signal = signal;
  }

  get requestId(): string {
    return this.#request.requestId;
  }
  get trace(): TraceContext {
    return this.#request.trace;
  }
  get clientAddress(): string {
    return this.#request.clientAddress;
  }
  get httpVersion(): string {
    return this.#request.httpVersion ?? '1.1';
  }
  get startedAtMs(): number {
    return this.#request.startedAtMs;
  }
  get language(): string {
    return this.#request.language;
  }
  get apiVersion(): string {
    return this.#request.apiVersion;
  }
  get principal(): Principal {
    return this.#request.principal;
  }
  get decisions(): Decisions {
    return this.#request.decisions;
  }
}
