import {
  type Cancellation,
  type Deadline,
  randomHex,
  type RequestContext,
  traceparent,
} from '@facet/context';
import { type GatewayError } from '@facet/errors';
import {
  type CoalescableCall,
  type HedgeableAttempt,
  type Latencies,
  type RepeatableCall,
} from '@facet/resilience';
import { type Readable } from 'node:stream';
import { type HeaderField } from './forwarding/header-fields.ts';
import { type InterimListener } from './forward-request.ts';
import { forwardedResponse } from './forwarding/forwarded-response.ts';
import { type Abortable, type TransportAttempt, type TransportRequest } from './transport/transport.ts';
import { type BodyReader } from './upstream-call.ts';

export interface OutgoingCallParts {
  readonly context: RequestContext;
  readonly method: string;
  /** Base path and query included. */
  readonly path: string;
  /** What every attempt sends: name, value, name, value. */
  readonly headers: string[];
  readonly body: string | Buffer | Readable | null;
  /** The body before it was serialized, for interceptors. */
  readonly data?: unknown;
  readonly deadline: Deadline;
  readonly latencies: Latencies;
  readonly repeatable: boolean;
  readonly maxAttempts?: number | undefined;
  readonly retryStatuses?: readonly number[] | undefined;
  readonly attemptMs?: number | undefined;
  /** Statuses besides 2xx and 304 whose body the caller wants. */
  readonly acceptStatuses?: readonly number[] | undefined;
  /** Reads the answer; absent: `JSON.parse`. */
  readonly reader?: BodyReader | undefined;
  readonly interim?: InterimListener | undefined;
  /** The call's own cache policy, for the cache stage. */
  readonly cache?: unknown;
}

/** One call to an upstream, however many attempts it takes. */
export class OutgoingCall implements RepeatableCall<OutgoingAttempt>, CoalescableCall<OutgoingCall> {
  readonly parts: OutgoingCallParts;
  readonly deadline: Deadline;
  readonly cancellation: Cancellation | undefined;
  readonly latencies: Latencies;
  readonly repeatable: boolean;
  readonly maxAttempts: number | undefined;
  readonly retryStatuses: readonly number[] | undefined;
  readonly #signal: AbortSignal | undefined;
  #attempts = 0;

  /** @param signal default: the client's own */
  constructor(parts: OutgoingCallParts, signal?: AbortSignal) {
    this.parts = parts;
    this.deadline = parts.deadline;
    this.#signal = signal;
    this.cancellation = signal === undefined ? parts.context.cancellation : undefined;
    this.latencies = parts.latencies;
    this.repeatable = parts.repeatable;
    this.maxAttempts = parts.maxAttempts;
    this.retryStatuses = parts.retryStatuses;
  }

  get signal(): AbortSignal {
    return this.#signal ?? this.parts.context.signal;
  }

  nextAttempt(): OutgoingAttempt {
    return new OutgoingAttempt(this, ++this.#attempts);
  }

  get shareKey(): string | undefined {
    const { method, path, headers, reader, acceptStatuses = [] } = this.parts;
    if (method !== 'GET') return undefined;
    let key = `${path}\n${acceptStatuses.join()}`;
    if (reader !== undefined) key += ` ${reader.key}`;
    for (let index = 0; index < headers.length; index += 2) {
      const name = headers[index] as string;
      // These two name the request and not what is asked.
      if (name !== 'x-request-id' && name !== 'tracestate') key += `\n${name}:${headers[index + 1]}`;
    }
    return key;
  }

  detached(signal: AbortSignal): OutgoingCall {
    return new OutgoingCall(this.parts, signal);
  }

  /** Whether the caller takes an answer of this status as an answer, body and all: a part nobody asked for is none. */
  accepts(status: number): boolean {
    return (
      (status < 300 && status >= 200 && status !== 206) ||
      status === 304 ||
      (this.parts.acceptStatuses?.includes(status) ?? false)
    );
  }
}

/** One try. It has its own span id and can be given up without touching any other. */
export class OutgoingAttempt
  implements HedgeableAttempt<OutgoingAttempt>, TransportAttempt, TransportRequest
{
  readonly call: OutgoingCall;
  readonly number: number;
  readonly headers: string[];
  answered = false;
  #aborted: GatewayError | undefined;
  #exchange: Abortable | undefined;
  #controller: AbortController | undefined;

  constructor(call: OutgoingCall, number: number) {
    this.call = call;
    this.number = number;
    const { context, headers } = call.parts;
    this.headers = [
      ...headers,
      'traceparent',
      traceparent(context.trace, randomHex(8)),
      'x-request-deadline',
      String(Math.floor(call.deadline.remainingMs())),
    ];
  }

  get deadline(): Deadline {
    return this.call.deadline;
  }

  get signal(): AbortSignal {
    return this.call.signal;
  }

  get cancellation(): Cancellation | undefined {
    return this.call.cancellation;
  }

  get latencies(): Latencies {
    return this.call.latencies;
  }

  get limitMs(): number | undefined {
    return this.call.parts.attemptMs;
  }

  get method(): string {
    return this.call.parts.method;
  }

  get path(): string {
    return this.call.parts.path;
  }

  get body(): string | Buffer | Readable | null {
    return this.call.parts.body;
  }

  get hedgeable(): boolean {
    return this.call.parts.method === 'GET' && this.body === null;
  }

  sibling(): OutgoingAttempt {
    return this.call.nextAttempt();
  }

  /** This attempt's own signal, for clients that want one; made only when asked for. */
  get ownSignal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted !== undefined) this.#controller.abort(this.#aborted);
    }
    return this.#controller.signal;
  }

  wants(status: number): boolean {
    return this.call.accepts(status);
  }

  informed(status: number, fields: readonly HeaderField[]): void {
    const { interim } = this.call.parts;
    if (interim !== undefined && status !== 100) interim.onInterim(status, forwardedResponse(fields));
  }

  bind(exchange: Abortable): void {
    this.#exchange = exchange;
    if (this.#aborted !== undefined) exchange.abort(this.#aborted);
  }

  abort(reason: GatewayError): void {
    if (this.#aborted !== undefined) return;
    this.#aborted = reason;
    this.#exchange?.abort(reason);
    this.#controller?.abort(reason);
  }
}
