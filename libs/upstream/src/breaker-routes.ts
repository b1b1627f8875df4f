import { type ManagementAnswer, type ManagementRequest, type ManagementRoutes } from '@facet/management';
import { type CircuitHold } from '@facet/resilience';
import { upstreamReport } from './upstream-report.ts';
import { type Upstream, type Upstreams } from './upstreams.ts';

/**
 * What operators may see and do on the management port:
 * `GET /breakers`, `GET /breakers/:upstream`, `PUT /breakers/:upstream` with `{"hold": "open" | "closed" | "auto"}`,
 * `POST /breakers/:upstream/reset` (closed, counts forgotten, outcomes decide again).
 */
export function addBreakerRoutes(routes: ManagementRoutes, upstreams: Upstreams): void {
  routes.add('GET', '/breakers', () => ({ body: { breakers: upstreams.all().map(upstreamReport) } }));
  routes.add('GET', '/breakers/:upstream', (request) => withUpstream(upstreams, request, () => undefined));
  routes.add('PUT', '/breakers/:upstream', (request) => {
    const hold = holdOf(request.body);
    if (hold === undefined) return refusal(400, 'body must be {"hold": "open" | "closed" | "auto"}');
    return withUpstream(upstreams, request, (upstream) => upstream.breaker?.hold(hold));
  });
  routes.add('POST', '/breakers/:upstream/reset', (request) =>
    withUpstream(upstreams, request, (upstream) => upstream.breaker?.hold('auto')),
  );
}

function withUpstream(
  upstreams: Upstreams,
  { params }: ManagementRequest,
  act: (upstream: Upstream) => void,
): ManagementAnswer {
  const name = params['upstream'] ?? '';
  if (!upstreams.has(name)) return refusal(404, 'no such upstream');
  const upstream = upstreams.get(name);
  act(upstream);
  return { body: upstreamReport(upstream) };
}

function holdOf(body: unknown): CircuitHold | undefined {
  const hold = typeof body === 'object' && body !== null && 'hold' in body ? body.hold : undefined;
  return hold === 'open' || hold === 'closed' || hold === 'auto' ? hold : undefined;
}

function refusal(status: number, error: string): ManagementAnswer {
  return { status, body: { error } };
}
