import { type Clock, type RequestContext } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { type CallStage, Latencies } from '@facet/resilience';
import { Readable } from 'node:stream';
import { type ForwardRequest, type ForwardResponse } from './forward-request.ts';
import { forwardedRequest } from './forwarding/forwarded-request.ts';
import { forwardedResponse } from './forwarding/forwarded-response.ts';
import { upload } from './forwarding/upload.ts';
import { type JsonAnswer } from './json-answer.ts';
import { OutgoingCall } from './outgoing-call.ts';
import { assertOriginForm, assertPlainPath, queryString } from './path.ts';
import { requestHeaders } from './request-headers.ts';
import { scopedIdempotencyKey } from './scoped-idempotency-key.ts';
import { callProblem, statusProblem } from './status-problem.ts';
import { type StreamedAnswer } from './transport/transport.ts';
import { type UpstreamCall, type UpstreamResponse } from './upstream-call.ts';
import { type UpstreamSettings } from './upstream-settings.ts';

/** Methods that do no more when they arrive twice (RFC 9110, 9.2.2). */
const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

export interface UpstreamClientParts {
  readonly gateway: string;
  readonly settings: UpstreamSettings;
  readonly clock: Clock;
  /** The pipeline of JSON calls. */
  readonly calls: CallStage<OutgoingCall, JsonAnswer>;
  /** The pipeline of pass-through calls. */
  readonly forwards: CallStage<OutgoingCall, StreamedAnswer>;
}

/** Calls one upstream, through its whole pipeline. Every failure is a `GatewayError`. */
export class UpstreamClient {
  readonly #parts: UpstreamClientParts;
  readonly #latencies = new Map<string, Latencies>();

  constructor(parts: UpstreamClientParts) {
    this.#parts = parts;
  }

  get name(): string {
    return this.#parts.settings.name;
  }

  /** Sends JSON, gets JSON. Any status but 2xx, 304 and the call's own `acceptStatuses` is thrown. */
  async request<T>(context: RequestContext, call: UpstreamCall): Promise<UpstreamResponse<T>> {
    const { clock, settings, calls } = this.#parts;
    const startedAtMs = clock.monotonic();
    const outgoing = this.#outgoing(context, call);
    try {
      const answer = await calls.run(outgoing);
      if (!outgoing.accepts(answer.status)) throw statusProblem(answer, settings.name, clock.now());
      return answer as UpstreamResponse<T>;
    } catch (error) {
      throw callProblem(error);
    } finally {
      context.decisions.upstreamMs += clock.monotonic() - startedAtMs;
    }
  }

  /**
   * Passes a request on and gives back whatever the upstream answers, body streaming. Only what prevented an answer is
   * thrown.
   */
  async forward(context: RequestContext, request: ForwardRequest): Promise<ForwardResponse> {
    const { clock, forwards } = this.#parts;
    const startedAtMs = clock.monotonic();
    const outgoing = this.#forwarded(context, request);
    try {
      const { head, body } = await forwards.run(outgoing);
      const { status, statusText, fields } = head;
      return { status, statusText, headers: forwardedResponse(fields), body };
    } catch (error) {
      if (outgoing.parts.body instanceof Readable) outgoing.parts.body.destroy();
      throw leavesBytes(request) ? closing(error) : error;
    } finally {
      context.decisions.upstreamMs += clock.monotonic() - startedAtMs;
    }
  }

  #forwarded(context: RequestContext, request: ForwardRequest): OutgoingCall {
    const { settings, gateway } = this.#parts;
    const { method, route, path, timeoutMs, headers, ownHeaders, scheme } = request;
    if (method === 'CONNECT' || method === 'TRACE') throw new GatewayError('method_not_implemented');
    assertOriginForm(path);
    const totalMs = timeoutMs ?? settings.timeouts.totalMs;
    const body = request.body instanceof Readable ? upload(request.body) : (request.body ?? null);
    const isStream = body instanceof Readable;
    const fields = { fields: headers, ownFields: ownHeaders, keepLength: isStream, scheme };
    return new OutgoingCall({
      context,
      method,
      path: settings.basePath + path,
      headers: forwardedRequest(fields, context, gateway, settings.forwardCredentials),
      body,
      deadline: context.deadline.within(totalMs),
      latencies: this.#latenciesOf(route),
      repeatable: idempotent.has(method) && !isStream && request.bodyReplayable !== false,
      maxAttempts: request.retryAttempts,
      retryStatuses: request.retryStatuses,
      // A route's own limit, or an upload of unknown length, is not cut short by the limit of one attempt.
      attemptMs: timeoutMs ?? (isStream ? totalMs : undefined),
      interim: request.interim,
    });
  }

  #outgoing(context: RequestContext, call: UpstreamCall): OutgoingCall {
    const { settings, gateway } = this.#parts;
    const path = call.path + queryString(call.query);
    assertPlainPath(path);
    const body = call.body === undefined ? null : JSON.stringify(call.body);
    const { totalMs } = settings.timeouts;
    const timeoutMs = call.timeoutMs ?? totalMs;
    const idempotencyKey = scopedIdempotencyKey(call.idempotencyKey, context.principal);
    return new OutgoingCall({
      context,
      method: call.method,
      path: settings.basePath + path,
      headers: requestHeaders(context, call, gateway, idempotencyKey),
      body,
      data: call.body,
      deadline: context.deadline.within(timeoutMs),
      latencies: this.#latenciesOf(call.route),
      attemptMs: timeoutMs > totalMs ? timeoutMs : undefined,
      repeatable: idempotent.has(call.method) || idempotencyKey !== undefined,
      acceptStatuses: call.acceptStatuses,
      reader: call.reader,
      cache: call.cache,
    });
  }

  #latenciesOf(route: string): Latencies {
    let latencies = this.#latencies.get(route);
    if (latencies === undefined) this.#latencies.set(route, (latencies = new Latencies()));
    return latencies;
  }
}

/** The client is still sending what nobody will read. */
function leavesBytes({ body }: ForwardRequest): boolean {
  return body instanceof Readable && !body.readableEnded;
}

function closing(error: unknown): unknown {
  if (!(error instanceof GatewayError)) return error;
  return new GatewayError(error.reason, { ...error.options, closeConnection: true });
}
