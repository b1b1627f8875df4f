import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '@facet/context';
import { HealthChecks, type ManagementAnswer, ManagementRoutes } from '@facet/management';
import { StandardFailureJudge } from '@facet/resilience';
import { testContext } from '@facet/testing';
import { reset, ScriptedUpstream } from '@facet/testing/upstreams';
import { addBreakerRoutes } from './breaker-routes.ts';
import { SocketTransportFactory } from './transport-factory.ts';
import { Upstreams } from './upstreams.ts';

const call = { method: 'GET', route: '/orders', path: '/orders' } as const;

let upstream: ScriptedUpstream;
let upstreams: Upstreams;
const health = new HealthChecks();

beforeEach(async () => {
  upstream = await ScriptedUpstream.start();
  upstreams = new Upstreams({
    gateway: 'gateway-test',
    clock: systemClock,
    judge: new StandardFailureJudge(),
    transports: new SocketTransportFactory(),
    health,
  });
  upstreams.add({ name: 'orders', url: upstream.url });
});

afterEach(async () => {
  await upstreams.close();
  await upstream[Symbol.asyncDispose]();
});

async function ask(method: string, path: string, body?: unknown, name = 'orders'): Promise<ManagementAnswer> {
  const routes = new ManagementRoutes();
  addBreakerRoutes(routes, upstreams);
  const route = routes.all().find((one) => one.method === method && one.path === path);
  return route!.handler({ method, params: { upstream: name }, query: new URLSearchParams(), body });
}

const request = () => upstreams.client('orders').request(testContext({ clock: systemClock }), call);

describe('the management of breakers', () => {
  it('lists them', async () => {
    await request();
    expect(await ask('GET', '/breakers')).toMatchObject({
      body: {
        breakers: [{ upstream: 'orders', state: 'closed', hold: 'auto', calls: 1, failures: 0, sockets: 1 }],
      },
    });
  });

  it('holds one open: nothing is sent', async () => {
    expect(await ask('PUT', '/breakers/:upstream', { hold: 'open' })).toMatchObject({
      body: { state: 'open' },
    });
    await expect(request()).rejects.toMatchObject({ reason: 'upstream_unavailable' });
    expect(upstream.requests).toHaveLength(0);
    expect(health.dependencies().checks['orders']).toMatchObject({ state: 'down' });
  });

  it('holds one closed: nothing opens it', async () => {
    await ask('PUT', '/breakers/:upstream', { hold: 'closed' });
    upstream.always(reset);
    for (let n = 0; n < 20; n++) await request().catch(() => undefined);
    expect(await ask('GET', '/breakers/:upstream')).toMatchObject({
      body: { state: 'closed', hold: 'closed' },
    });
    expect(health.dependencies().checks['orders']).toMatchObject({ state: 'degraded' });
  });

  it('resets one', async () => {
    await ask('PUT', '/breakers/:upstream', { hold: 'open' });
    expect(await ask('POST', '/breakers/:upstream/reset')).toMatchObject({
      body: { state: 'closed', hold: 'auto' },
    });
    await request();
    expect(health.dependencies().checks['orders']).toMatchObject({ state: 'up' });
  });

  it('refuses what it does not know', async () => {
    expect(await ask('PUT', '/breakers/:upstream', { hold: 'ajar' })).toMatchObject({ status: 400 });
    expect(await ask('GET', '/breakers/:upstream', undefined, 'nobody')).toMatchObject({ status: 404 });
  });
});
