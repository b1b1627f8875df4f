import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type Clock, clientGoneEvent, type RequestContext } from '@facet/context';
import { type FastifyInstance } from 'fastify';
import { type RequestMetrics } from '../metrics/request-metrics.ts';
import { type AccessLog } from './access-log.ts';
import { RequestKinds } from './request-kinds.ts';

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY', 'TRACE']);

/** A client that left before the end is logged with the status nobody sent it (nginx's convention). */
const clientGoneStatus = 499;

interface ObservedRequest {
  readonly raw: IncomingMessage;
  readonly facet: RequestContext | undefined;
}
interface ObservedReply {
  readonly raw: ServerResponse;
}

/** Logs and counts every request once, when its answer has ended or its client has left. */
export class RequestObserver {
  readonly #clock: Clock;
  readonly #log: AccessLog | undefined;
  readonly #metrics: RequestMetrics;
  readonly #kinds: RequestKinds;

  /** @param log undefined: the level is above info, so no line is made */
  constructor(clock: Clock, metrics: RequestMetrics, log: AccessLog | undefined) {
    this.#clock = clock;
    this.#metrics = metrics;
    this.#kinds = new RequestKinds(metrics);
    this.#log = log;
  }

  observe(instance: FastifyInstance): void {
    instance.addHook('onResponse', (request, reply, done) => {
      this.#ended(request as unknown as ObservedRequest, reply.raw.statusCode);
      done();
    });
    instance.server.on(clientGoneEvent, (request: ObservedRequest, _reply: ObservedReply) => {
      if (request.facet) request.facet.decisions.reason ??= 'client_closed_request';
      this.#ended(request, clientGoneStatus);
    });
  }

  #ended(request: ObservedRequest, status: number): void {
    const context = request.facet;
    if (context === undefined) return;
    const method = knownMethods.has(request.raw.method ?? '') ? (request.raw.method ?? '') : 'OTHER';
    const route = context.decisions.route ?? 'unmatched';
    const durationMs = this.#clock.monotonic() - context.startedAtMs;
    const kind = this.#kinds.of(route, method, status);
    this.#metrics.count(kind.series, context.principal.tier, durationMs);
    this.#log?.write(kind, context, request.raw.httpVersion, durationMs);
  }
}
