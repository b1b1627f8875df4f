import { type HttpPolicy } from '@facet/context';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { addVary } from './vary.ts';

const allowedHeaders =
  'Authorization, Content-Type, X-API-Key, X-Request-Id, API-Version, Idempotency-Key, If-None-Match, If-Match, traceparent, tracestate';
const exposedHeaders =
  'X-Request-Id, RateLimit, RateLimit-Policy, Retry-After, ETag, API-Version, Deprecation, Sunset, Link, Location';
const allowedMethods = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const preflightMaxAge = '600';

/** Cross-origin reads by exact origin: no pattern, no `null`, no `*`, and no credentials mode (RFC 6454, Fetch). */
export class CorsPolicy {
  readonly #origins: ReadonlySet<string>;

  constructor(origins: readonly string[]) {
    this.#origins = new Set(origins);
  }

  /** Adds what an answer to any request needs, refused ones too. */
  apply(request: FastifyRequest, reply: FastifyReply): void {
    if (this.#origins.size === 0) return;
    addVary(reply, 'Origin');
    const { origin } = request.raw.headers;
    if (origin === undefined || !this.#origins.has(origin)) return;
    reply.header('access-control-allow-origin', origin);
    reply.header('access-control-expose-headers', exposedHeaders);
  }

  /** Answers a preflight: 204, with permissions only for a known origin. */
  answerPreflight(request: FastifyRequest, reply: FastifyReply): void {
    this.apply(request, reply);
    addVary(reply, 'Access-Control-Request-Method');
    addVary(reply, 'Access-Control-Request-Headers');
    if (reply.hasHeader('access-control-allow-origin')) {
      reply.header('access-control-allow-methods', allowedMethods);
      reply.header('access-control-allow-headers', allowedHeaders);
      reply.header('access-control-max-age', preflightMaxAge);
    }
    reply.code(204).send();
  }
}

/** Whether a request only asks for permission (Fetch, CORS-preflight request). */
export function isPreflight(request: FastifyRequest): boolean {
  if (request.raw.method !== 'OPTIONS') return false;
  const { headers } = request.raw;
  return headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
}

/** The CORS policy of each route policy, made once. */
export class CorsPolicies {
  readonly #gateway: CorsPolicy;
  readonly #ofRoutes = new WeakMap<object, CorsPolicy>();

  constructor(gatewayOrigins: readonly string[]) {
    this.#gateway = new CorsPolicy(gatewayOrigins);
  }

  /** undefined: the route answers for itself. */
  for(policy: HttpPolicy | undefined): CorsPolicy | undefined {
    const own = policy?.cors;
    if (own === undefined) return this.#gateway;
    if (own === 'off') return undefined;
    let cors = this.#ofRoutes.get(own);
    if (cors === undefined) this.#ofRoutes.set(own, (cors = new CorsPolicy(own.origins)));
    return cors;
  }
}
