import { type GatewayError, retryAfterSeconds, toProblem } from '@facet/errors';
import { type GatewayLog } from '@facet/management';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type CorsPolicies } from '../reply/cors.ts';
import { hasUnreadBody } from '../refusal/unread-body.ts';
import { closeAfter } from '../reply/close-after.ts';
import { setSecurityHeaders } from '../reply/security-headers.ts';
import { addVary } from '../reply/vary.ts';
import { proxyStatusOf, retryAfterMsOf } from './problem-fields.ts';
import { toGatewayError } from './to-gateway-error.ts';

/** Set for an answer that will not be sent. */
const abandonedFields = ['content-encoding', 'content-length', 'etag', 'last-modified', 'set-cookie', 'age'];

/** Answers whatever was thrown with the one problem document; every way to fail ends here. */
export class ProblemAnswers {
  readonly #gateway: string;
  readonly #cors: CorsPolicies;
  readonly #log: GatewayLog;

  constructor(gateway: string, cors: CorsPolicies, log: GatewayLog) {
    this.#gateway = gateway;
    this.#cors = cors;
    this.#log = log;
  }

  send(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const error = toGatewayError(thrown);
    const context = request.facet;
    context.decisions.reason = error.reason;
    if (error.status === 500) this.#logFault(error, request);
    if (reply.raw.headersSent) {
      // Too late for a document: the client must not take what it got for the whole.
      reply.raw.destroy();
      return;
    }
    context.giveUp();
    this.#setFields(error, request, reply);
    const retryAfterMs = retryAfterMsOf(error);
    const problem = toProblem(error, context.requestId, context.language);
    if (retryAfterMs !== undefined) problem.retryAfter = retryAfterSeconds(retryAfterMs);
    // With a serializer of its own the media type stays bare: problem+json has no charset parameter (RFC 9457).
    reply.code(error.status).type('application/problem+json').serializer(asIs).send(JSON.stringify(problem));
  }

  #setFields(error: GatewayError, request: FastifyRequest, reply: FastifyReply): void {
    for (const name of abandonedFields) if (reply.hasHeader(name)) reply.removeHeader(name);
    reply.header('x-request-id', request.facet.requestId);
    reply.header('cache-control', 'no-store');
    setSecurityHeaders(reply, request.facet.isSecure);
    this.#cors.for(request.facet.policy)?.apply(request, reply);
    if (error.options.headers) reply.headers(error.options.headers);
    const proxyStatus = proxyStatusOf(error, this.#gateway);
    if (proxyStatus !== undefined) reply.header('proxy-status', proxyStatus);
    const retryAfterMs = retryAfterMsOf(error);
    if (retryAfterMs !== undefined) reply.header('retry-after', String(retryAfterSeconds(retryAfterMs)));
    if (error.options.userMessage !== undefined) addVary(reply, 'Accept-Language');
    if (error.options.closeConnection === true || hasUnreadBody(request.raw)) closeAfter(request, reply);
  }

  #logFault(error: GatewayError, request: FastifyRequest): void {
    this.#log.error('request failed', {
      requestId: request.facet.requestId,
      traceId: request.facet.trace.traceId,
      route: request.facet.decisions.route ?? 'unmatched',
      reason: error.reason,
      error: error.cause ?? error,
    });
  }
}

function asIs(payload: unknown): string {
  return payload as string;
}
