import {
  anonymous,
  Cancellation,
  clientGoneEvent,
  type Clock,
  Deadline,
  type Decisions,
  type HttpPolicy,
  type Principal,
  type RequestContext,
  type TraceContext,
} from '@facet/context';
import { type PartGap, type Reason } from '@facet/errors';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type Connection } from './connection.ts';
import { cameByHttps } from './client-address.ts';
import { firstLanguage } from './language.ts';
import { traceContext } from './trace-context.ts';

/** Every member exists from the start, so that all requests share one hidden class. */
class RequestDecisions implements Decisions {
  route?: string;
  reason?: Reason;
  limit?: string;
  cache?: string;
  attempts = 0;
  upstreamMs = 0;
  gaps?: PartGap[];
  fallback?: string;
}

export interface GatewayRequestParts {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly connection: Connection;
  readonly clock: Clock;
  readonly requestId: string;
  readonly clientAddress: string;
  /** Monotonic ms. */
  readonly arrivedAtMs: number;
  readonly deadlineMs: number;
  readonly apiVersion: string;
}

/** The request context as the HTTP hooks make it: what costs something is made when somebody asks. */
export class GatewayRequest implements RequestContext {
  readonly requestId: string;
  readonly clientAddress: string;
  readonly startedAtMs: number;
  deadline: Deadline;
  apiVersion: string;
  principal: Principal = anonymous;
  readonly decisions: Decisions = new RequestDecisions();
  /** Of the route that answers; the defaults until one is found. */
  policy: HttpPolicy | undefined = undefined;
  readonly connection: Connection;
  readonly cancellation = new Cancellation();
  /** Where the gateway's traffic keeps it; -1 when it does not. */
  place = -1;
  readonly #request: FastifyRequest;
  readonly #reply: FastifyReply;
  readonly #clock: Clock;
  #trace: TraceContext | undefined = undefined;
  #hasFailed = false;

  constructor(parts: GatewayRequestParts) {
    this.#request = parts.request;
    this.#reply = parts.reply;
    this.#clock = parts.clock;
    this.connection = parts.connection;
    this.requestId = parts.requestId;
    this.clientAddress = parts.clientAddress;
    this.apiVersion = parts.apiVersion;
    this.startedAtMs = parts.arrivedAtMs;
    this.deadline = new Deadline(parts.clock, this.startedAtMs + parts.deadlineMs);
  }

  /** Replaces the gateway's deadline by the route's, from the arrival on. */
  limitTo(deadlineMs: number): void {
    this.deadline = new Deadline(this.#clock, this.startedAtMs + deadlineMs);
  }

  get trace(): TraceContext {
    if (this.#trace === undefined) {
      const { traceparent, tracestate } = this.#request.raw.headers;
      this.#trace = traceContext(single(traceparent), joined(tracestate));
    }
    return this.#trace;
  }

  get language(): string {
    return firstLanguage(this.#request.raw.headers['accept-language']);
  }

  get httpVersion(): string {
    return this.#request.raw.httpVersion;
  }

  get signal(): AbortSignal {
    return this.cancellation.signal;
  }

  /** The client left before its answer ended. */
  leave(): void {
    this.cancellation.cancel();
    this.#request.server.server.emit(clientGoneEvent, this.#request, this.#reply);
  }

  /** A problem is the answer: whatever is still under way for the real one is wanted no more. */
  giveUp(): void {
    this.#hasFailed = true;
    this.cancellation.cancel();
  }

  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  get hasBegunAnswer(): boolean {
    return this.#reply.raw.headersSent;
  }

  /** From here on its connection is ended where no byte goes in either direction for so long; HTTP/2 sees to its own. */
  limitIdle(idleMs: number): void {
    const { socket, httpVersion } = this.#request.raw;
    if (httpVersion !== '2.0' && !socket.destroyed && !socket.timeout) socket.setTimeout(idleMs);
  }

  /** Hands over what an answer is written to. */
  answerWith(answer: (request: FastifyRequest, reply: FastifyReply) => void): void {
    answer(this.#request, this.#reply);
  }

  get isSecure(): boolean {
    return (
      this.connection.isEncrypted || (this.connection.isTrusted && cameByHttps(this.#request.raw.headers))
    );
  }
}

// Two `traceparent` fields make the trace invalid; several `tracestate` fields are one list.
function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function joined(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(',') : value;
}
