import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { clientGoneEvent, type RequestContext } from '@facet/context';
import { HealthChecks, ManagementRoutes } from '@facet/management';
import { FakeClock } from '@facet/testing';
import { exchange, startTestGateway } from '@facet/testing/http';
import { type FastifyInstance } from 'fastify';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Type } from 'typebox';
import { Answers, Context, type Gateway } from './index.ts';
import * as http from './index.ts';

/** Requests wait here until the test lets them go. */
let arrived: (context: RequestContext) => void;
let released: Promise<void>;

@Controller('wait')
class WaitController {
  @Get()
  @Answers(Type.Object({ ok: Type.Boolean() }))
  async wait(@Context() context: RequestContext) {
    arrived(context);
    await released;
    return { ok: true };
  }
}

const request = 'GET /api/web/wait HTTP/1.1\r\nHost: a\r\n\r\n';

describe('the life of a gateway', () => {
  let gateway: Gateway | undefined;
  afterEach(() => gateway?.close());

  async function start(options: Parameters<typeof startTestGateway<Gateway, http.GatewayOptions>>[2] = {}) {
    const started = await startTestGateway(http, [WaitController], options);
    gateway = started.gateway;
    return started;
  }

  function holdRequests(): { arrival: Promise<RequestContext>; release: () => void } {
    const arrival = Promise.withResolvers<RequestContext>();
    const release = Promise.withResolvers<void>();
    arrived = arrival.resolve;
    released = release.promise;
    return { arrival: arrival.promise, release: release.resolve };
  }

  it('aborts the signal of a request whose client leaves, and says so once', async () => {
    const { registry } = await start();
    const instance = gateway?.app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
    const { arrival, release } = holdRequests();
    const { port, hostname } = new URL(gateway?.url ?? '');
    const socket = connect(Number(port), hostname, () => socket.write(request));
    const context = await arrival;
    const { signal } = context;
    expect(signal.aborted).toBe(false);
    expect(await registry.metrics()).toContain('gateway_requests_in_flight{gateway="gateway-web"} 1');

    const gone = once(instance.server, clientGoneEvent);
    socket.destroy();
    const [goneRequest] = (await gone) as [{ facet: RequestContext }];
    expect(goneRequest.facet.requestId).toBe(context.requestId);
    expect(signal.aborted).toBe(true);
    expect(await registry.metrics()).toContain('gateway_requests_in_flight{gateway="gateway-web"} 0');
    release();
  });

  it('hands out an aborted signal to who asks too late', async () => {
    await start();
    const instance = gateway?.app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
    const { arrival, release } = holdRequests();
    const { port, hostname } = new URL(gateway?.url ?? '');
    const socket = connect(Number(port), hostname, () => socket.write(request));
    const context = await arrival;
    const gone = once(instance.server, clientGoneEvent);
    socket.destroy();
    await gone;
    expect(context.signal.aborted).toBe(true);
    release();
  });

  it('answers for a handler that hangs beyond the deadline', async () => {
    const clock = new FakeClock();
    await start({ clock });
    const { arrival, release } = holdRequests();
    const answer = gateway?.app.inject({ url: '/api/web/wait' });
    const { signal } = await arrival;
    await clock.advance(9_900);
    expect(signal.aborted).toBe(false);
    await clock.advance(1_000);
    const response = await answer;
    expect(response?.statusCode).toBe(504);
    expect(response?.json()).toMatchObject({ reason: 'deadline_exceeded' });
    expect(signal.aborted).toBe(true);
    release();
  });

  it('drains: unready, Connection: close, what is under way ends, nothing new comes in', async () => {
    await start();
    const { url = '', managementUrl = '' } = gateway ?? {};
    const { arrival, release } = holdRequests();
    const answer = exchange(url, request);
    await arrival;
    const checks = gateway?.app.get(HealthChecks);
    const drained = gateway?.drain();
    expect(checks?.readiness().state).toBe('down');
    expect((await fetch(`${managementUrl}/health/ready`)).status).toBe(503);
    expect((await fetch(`${managementUrl}/health/live`)).status).toBe(200);
    release();
    expect(await answer).toMatch(/^HTTP\/1\.1 200 OK\r\n(?:.*\r\n)*connection: close\r\n/i);
    await drained;
    await expect(fetch(url)).rejects.toThrow();
    gateway = undefined;
  });

  it('listens on one address of a name, on the one server that has all limits', async () => {
    await start({ config: { server: { host: 'localhost' } } });
    const instance = gateway?.app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
    expect(instance.addresses()).toHaveLength(1);
  });

  it('serves on during the drain delay and tells balancers on the public port too', async () => {
    const clock = new FakeClock();
    await start({ clock, config: { server: { drainDelayMs: 6000 } } });
    const { url = '' } = gateway ?? {};
    const drained = gateway?.drain();
    const health = await fetch(`${url}/health`);
    expect([health.status, health.headers.get('connection')]).toEqual([503, 'close']);
    expect(await health.json()).toMatchObject({ reason: 'draining' });
    expect((await fetch(`${url}/nowhere`)).status).toBe(404);
    await clock.advance(6000);
    await drained;
    gateway = undefined;
  });

  it('gives up on requests that outlast the grace', async () => {
    const clock = new FakeClock();
    await start({ clock });
    const { arrival, release } = holdRequests();
    const answer = exchange(gateway?.url ?? '', request).catch(() => 'reset');
    const context = await arrival;
    const aborted = once(context.signal, 'abort');
    const drained = gateway?.drain();
    await clock.advance(0);
    await clock.advance(5000);
    await drained;
    expect(await answer).toMatch(/^(reset)?$/);
    await aborted;
    release();
    gateway = undefined;
  });

  it('caps the connections of one address', async () => {
    await start({ gateway: { limits: { maxConnectionsPerAddress: 2 } } });
    const { port, hostname } = new URL(gateway?.url ?? '');
    const open = [1, 2].map(() => connect(Number(port), hostname));
    await Promise.all(open.map((socket) => once(socket, 'connect')));
    const refused = await exchange(gateway?.url ?? '');
    expect(refused).toMatch(/^HTTP\/1\.1 429 /);
    expect(refused).toContain('"reason":"too_many_connections"');
    const closed = open.map((socket) => once(socket, 'close'));
    for (const socket of open) socket.destroy();
    await Promise.all(closed);
  });

  it('closes connections that never finish their head', async () => {
    await start({ gateway: { limits: { headersTimeoutMs: 100 } } });
    const answer = await exchange(gateway?.url ?? '', 'GET / HTTP/1.1\r\nHost: a\r\nX-Slow:');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  describe('management port', () => {
    it('serves what was registered, with parameters and bodies', async () => {
      await start();
      gateway?.app.get(ManagementRoutes).add('PUT', '/breakers/:upstream', ({ params, query, body }) => ({
        body: { params, query: query.get('q'), body },
      }));
      const { managementUrl = '' } = gateway ?? {};
      const response = await fetch(`${managementUrl}/breakers/a%2Fb?q=1`, {
        method: 'PUT',
        body: '{"state":"open"}',
      });
      expect(await response.json()).toEqual({
        params: { upstream: 'a/b' },
        query: '1',
        body: { state: 'open' },
      });
    });

    it.each([
      ['GET', '/nowhere', {}, undefined, 404],
      ['POST', '/health/live', {}, undefined, 405],
      ['PUT', '/x', { origin: 'https://evil.example' }, '{}', 403],
      ['PUT', '/x', { 'sec-fetch-site': 'cross-site' }, '{}', 403],
      ['PUT', '/x', {}, '{', 400],
      ['GET', '/%zz/reset', {}, undefined, 404],
      ['PUT', '/y/%zz', {}, undefined, 400],
      ['GET', '//health/live', {}, undefined, 404],
      ['GET', '//[', {}, undefined, 404],
      ['PUT', '/x', {}, `"${'a'.repeat(70_000)}"`, 413],
    ] as const)('%s %s with %j and body %j: %d', async (method, path, headers, body, status) => {
      await start();
      gateway?.app.get(ManagementRoutes).add('PUT', '/x', () => ({}));
      gateway?.app.get(ManagementRoutes).add('PUT', '/y/:name', () => ({}));
      const { managementUrl = '' } = gateway ?? {};
      const response = await fetch(managementUrl + path, { method, headers, ...(body ? { body } : {}) });
      expect(response.status).toBe(status);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
    });

    it('is not on the public port', async () => {
      await start();
      for (const path of ['/health/ready', '/health/live', '/metrics']) {
        expect((await fetch(gateway?.url + path)).status).toBe(404);
      }
    });
  });
});
