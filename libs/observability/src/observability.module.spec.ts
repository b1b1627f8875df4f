import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Clock, clientGoneEvent, type RequestContext } from '@facet/context';
import { GatewayLog, ManagementRoutes } from '@facet/management';
import { FakeClock, testContext } from '@facet/testing';
import { type FastifyInstance } from 'fastify';
import { type LineSink } from './log/line-sink.ts';
import { ObservabilityModule } from './observability.module.ts';

class MemorySink implements LineSink {
  readonly lines: string[] = [];
  dropped = 0;
  write(line: Buffer): void {
    this.lines.push(line.toString().trimEnd());
  }
}

@Controller('orders')
class OrdersController {
  @Get(':id')
  one() {
    return { id: 1 };
  }
}

const clock = new FakeClock();

@Module({ providers: [{ provide: Clock, useValue: clock }], exports: [Clock, ManagementRoutes] })
class PartsModule {}

describe('ObservabilityModule', () => {
  let app: NestFastifyApplication;
  let instance: FastifyInstance;
  let sink: MemorySink;
  let context: RequestContext;

  beforeEach(async () => {
    sink = new MemorySink();
    const parts = {
      module: PartsModule,
      global: true,
      providers: [{ provide: ManagementRoutes, useValue: new ManagementRoutes() }],
    };
    const module = {
      module: class Root {},
      imports: [parts, ObservabilityModule.register({ gateway: 'gateway-web', logLevel: 'info', sink })],
      controllers: [OrdersController],
    };
    app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), { logger: false });
    instance = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
    instance.decorateRequest('facet');
    instance.addHook('onRequest', (request, _reply, done) => {
      context = testContext({ clock, requestId: 'req-1' });
      context.decisions.route = '/orders/:id';
      Object.assign(request, { facet: context });
      done();
    });
    await app.init();
  });
  afterEach(() => app.close());

  async function metrics(): Promise<string> {
    const route = app
      .get(ManagementRoutes)
      .all()
      .find(({ path }) => path === '/metrics');
    const answer = await route?.handler({
      method: 'GET',
      params: {},
      query: new URLSearchParams(),
      body: undefined,
    });
    return String(answer?.body);
  }

  it('writes one line per request with all that a reader of logs relies on', async () => {
    await app.inject({
      method: 'GET',
      url: '/orders/secret-id?token=canary',
      headers: { authorization: 'canary' },
    });
    expect(sink.lines).toHaveLength(1);
    expect(JSON.parse(sink.lines[0] ?? '')).toEqual({
      time: '2026-01-01T00:00:00.000Z',
      level: 'info',
      msg: 'request',
      requestId: 'req-1',
      traceId: context.trace.traceId,
      gateway: 'gateway-web',
      route: '/orders/:id',
      method: 'GET',
      httpVersion: '1.1',
      status: 200,
      durationMs: 0,
      upstreamMs: 0,
      principal: { kind: 'anonymous', subject: '' },
      tier: 'anonymous',
      attempts: 0,
    });
    expect(sink.lines.join()).not.toMatch(/canary|secret/);
  });

  it('counts requests by bounded labels', async () => {
    await app.inject({ method: 'GET', url: '/orders/1' });
    await app.inject({ method: 'GET', url: '/orders/2' });
    const text = await metrics();
    expect(text).toContain(
      'gateway_requests_total{gateway="gateway-web",route="/orders/:id",method="GET",status="200",tier="anonymous"} 2',
    );
    expect(text).toContain(
      'gateway_request_duration_seconds_count{gateway="gateway-web",route="/orders/:id",method="GET"} 2',
    );
    expect(text).toMatch(/nodejs_eventloop_utilization \d/);
    expect(text).toContain('nodejs_heap_size_used_bytes');
  });

  it('logs a client that left with 499', async () => {
    await app.inject({ method: 'GET', url: '/orders/1' });
    instance.server.emit(
      clientGoneEvent,
      { raw: { method: 'BREW', httpVersion: '1.1' }, facet: context },
      { raw: {} },
    );
    expect(JSON.parse(sink.lines[1] ?? '')).toMatchObject({
      status: 499,
      reason: 'client_closed_request',
      method: 'OTHER',
    });
  });

  it('gives the log to everybody', () => {
    app.get(GatewayLog).info('hello', { name: 'x' });
    expect(JSON.parse(sink.lines[0] ?? '')).toMatchObject({
      msg: 'hello',
      name: 'x',
      gateway: 'gateway-web',
    });
  });
});
