import { type HealthChecks, type ManagementRoutes } from '@facet/management';
import { GatewayError } from '@facet/errors';
import { type FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { type Traffic } from '../overload/traffic.ts';

/** Liveness asks nothing, readiness what decides whether to send traffic here, deps only tells. */
export function addHealthRoutes(routes: ManagementRoutes, checks: HealthChecks, traffic: Traffic): void {
  checks.addReadiness('traffic', () => ({
    state: traffic.isDraining ? 'down' : 'up',
    details: { draining: traffic.isDraining, inFlight: traffic.inFlight },
  }));
  routes.add('GET', '/health/live', () => ({ body: { state: 'up' } }));
  routes.add('GET', '/health/ready', () => {
    const readiness = checks.readiness();
    return { status: readiness.state === 'down' ? 503 : 200, body: readiness };
  });
  routes.add('GET', '/health/deps', () => ({ body: checks.dependencies() }));
}

/** `/health` of the public port is for balancers that see no other: it goes when the instance is leaving. */
export function addPublicHealth(instance: FastifyInstance, traffic: Traffic): void {
  const schema = { response: { 200: Type.Object({ status: Type.String() }) } };
  instance.get('/health', { schema, config: { facet: { etag: 'off', compression: 'off' } } }, () => {
    if (traffic.isDraining) throw new GatewayError('draining');
    return { status: 'healthy' };
  });
}
