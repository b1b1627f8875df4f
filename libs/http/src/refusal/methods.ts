import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { GatewayError } from '@facet/errors';

/** Of the methods the server knows, those that have a route for this path; for `Allow`. */
export function allowedMethods(instance: FastifyInstance, url: string): string[] {
  const query = url.indexOf('?');
  const path = query === -1 ? url : url.slice(0, query);
  return instance.supportedMethods.filter((method) => hasRoute(instance, method, path));
}

function hasRoute(instance: FastifyInstance, method: string, path: string): boolean {
  return instance.findRoute({ method: method as 'GET', url: path }) !== null;
}

/** The refusal of a request that no route takes: 405 when another method would be, 404 otherwise. */
export function unroutedError(instance: FastifyInstance, request: FastifyRequest): GatewayError {
  const allowed = allowedMethods(instance, request.url);
  if (allowed.length === 0) return new GatewayError('not_found');
  return new GatewayError('method_not_allowed', {
    headers: { Allow: [...new Set([...allowed, 'OPTIONS'])].join(', ') },
  });
}
