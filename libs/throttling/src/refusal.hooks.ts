import { type RequestWithContext } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type ThrottleMetrics } from './metrics.ts';
import { type RefusalBucket } from './refusal-bucket.ts';

/**
 * Puts the refusal bucket before body parsing and before any guard. Requests without a context, as those the server
 * refuses before its own hooks ran, are neither counted nor turned away: their client address is not known.
 */
export function addRefusalHooks(
  server: FastifyInstance,
  bucket: RefusalBucket,
  metrics?: ThrottleMetrics,
): void {
  server.addHook('onRequest', (request, _reply, done) => {
    const waitMs = isHealth(request) ? 0 : bucket.waitMs(addressOf(request));
    if (waitMs === 0) return done();
    metrics?.refused('unknown', bucket.name);
    done(new GatewayError('rate_limited', { retryAfterMs: waitMs, closeConnection: hasBody(request) }));
  });
  server.addHook('onResponse', (request, reply, done) => {
    bucket.answered(addressOf(request), reply.statusCode);
    done();
  });
}

/** Never turned away: clients whose address can't be told count for their balancer, which would take us for dead. */
function isHealth({ raw }: FastifyRequest): boolean {
  return raw.url === '/health';
}

function addressOf(request: FastifyRequest): string | undefined {
  return (request as FastifyRequest & Partial<RequestWithContext>).facet?.clientAddress;
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}
