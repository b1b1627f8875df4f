import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type HttpService } from '@nestjs/axios';
import { Test, type TestingModule } from '@nestjs/testing';
import { systemClock } from '@facet/context';
import { testContext } from '@facet/testing';
import { json, reset, ScriptedUpstream, text } from '@facet/testing/upstreams';
import { AxiosError, type InternalAxiosRequestConfig } from 'axios';
import { Registry } from 'prom-client';
import { of, throwError } from 'rxjs';
import { inspect } from 'node:util';
import { upstreamHttp } from './upstream-http.ts';
import { UpstreamModule } from './upstream.module.ts';
import { Upstreams } from './upstreams.ts';

const call = { method: 'GET', route: '/orders', path: '/orders' } as const;
const asked = () => testContext({ clock: systemClock });

let upstream: ScriptedUpstream;
let module: TestingModule;

beforeEach(async () => {
  upstream = await ScriptedUpstream.start(json({ from: 'upstream' }));
});

afterEach(async () => {
  await module.close();
  await upstream[Symbol.asyncDispose]();
});

async function start(double?: Partial<HttpService>, basePath = ''): Promise<Upstreams> {
  const definitions = [{ name: 'orders', url: `${upstream.url}${basePath}` }];
  let builder = Test.createTestingModule({
    imports: [UpstreamModule.register({ gateway: 'gateway-test', definitions })],
  });
  if (double) builder = builder.overrideProvider(upstreamHttp('orders')).useValue(double);
  module = await builder.compile();
  return module.get(Upstreams);
}

describe('UpstreamModule', () => {
  it('provides a client for each definition', async () => {
    const upstreams = await start();
    expect(upstreams.names()).toEqual(['orders']);
    expect(await upstreams.client('orders').request(asked(), call)).toMatchObject({
      body: { from: 'upstream' },
    });
    expect(() => upstreams.client('nobody')).toThrow('upstream nobody is not declared');
  });

  it('names every fault of the definitions at once and no secret', () => {
    const definitions = [
      { name: 'Orders', url: 'http://user:secret@127.0.0.1:1' },
      { name: 'users', url: 'ftp://127.0.0.1' },
      {
        name: 'slow',
        url: upstream.url,
        timeouts: { attemptMs: 3_000, totalMs: 5_000 },
        retry: { attempts: 3 },
      },
      { name: 'users', url: upstream.url, bulkhead: { maxConcurrent: 0 } },
    ];
    let message = '';
    try {
      UpstreamModule.register({ gateway: 'gateway-test', definitions });
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message.split('\n')).toEqual([
      'upstream Orders: name must be lower-case letters, digits and "-"',
      'upstream Orders: url must carry no credentials',
      'upstream users: url must be an http or https URL',
      'upstream slow: 3 attempt(s) of 3000 ms and the waits between them take up to 9150 ms, but timeouts.totalMs is ' +
        '5000 ms: lower retry.attempts or timeouts.attemptMs, or raise timeouts.totalMs',
      'upstream users: name is declared twice',
      'upstream users: bulkhead.maxConcurrent must be a whole number above 0',
    ]);
  });

  describe('the HttpService of an upstream', () => {
    it('runs interceptors around pipeline calls', async () => {
      const upstreams = await start();
      const { axiosRef } = module.get<HttpService>(upstreamHttp('orders'));
      axiosRef.interceptors.request.use((config) => {
        config.headers.set('x-added', 'yes');
        return config;
      });
      axiosRef.interceptors.response.use((response) => {
        response.data = { changed: response.data as unknown };
        return response;
      });
      const answer = await upstreams.client('orders').request(asked(), { ...call, query: { a: 'b c' } });
      expect(answer.body).toEqual({ changed: { from: 'upstream' } });
      expect(upstream.requests[0]).toMatchObject({ target: '/orders?a=b%20c' });
      expect(upstream.requests[0]?.header('x-added')).toBe('yes');
    });

    it('tells error interceptors of refused statuses, retries and maps them as without', async () => {
      const upstreams = await start();
      const seen: unknown[] = [];
      module
        .get<HttpService>(upstreamHttp('orders'))
        .axiosRef.interceptors.response.use(undefined, (error: AxiosError) => {
          seen.push(error.response?.status);
          throw error;
        });
      upstream.next(json({}, { status: 503 }));
      expect(await upstreams.client('orders').request(asked(), call)).toMatchObject({ status: 200 });
      expect(seen).toEqual([503]);
      upstream.always(json({}, { status: 404 }));
      await expect(upstreams.client('orders').request(asked(), call)).rejects.toMatchObject({
        reason: 'not_found',
      });
    });

    it('sends the same with and without interceptors', async () => {
      const orders = (await start()).client('orders');
      const post = {
        method: 'POST',
        route: '/o',
        path: '/o',
        body: { a: [1] },
        headers: { 'x-own': '1' },
      } as const;
      await orders.request(asked(), post);
      module.get<HttpService>(upstreamHttp('orders')).axiosRef.interceptors.request.use((config) => config);
      await orders.request(asked(), post);
      const [direct, through] = upstream.requests.map((request) => ({
        target: request.target,
        body: request.body.toString(),
        headers: Object.fromEntries(
          request.headers.filter(([name]) => !['traceparent', 'x-request-deadline'].includes(name)),
        ),
      }));
      expect(through).toEqual(direct);
    });

    it('works on its own, for relative URLs only', async () => {
      await start();
      const http = module.get<HttpService>(upstreamHttp('orders')).axiosRef;
      expect(await http.get('/a', { params: { q: 1 } })).toMatchObject({
        status: 200,
        data: { from: 'upstream' },
      });
      expect(upstream.requests[0]?.target).toBe('/a?q=1');
      await expect(http.get('http://127.0.0.1:1/evil')).rejects.toThrow();
      upstream.always(json({ why: 'no' }, { status: 500 }));
      await expect(http.get('/b')).rejects.toMatchObject({ response: { status: 500 } });
    });

    it('puts the base path before its paths, once', async () => {
      const upstreams = await start(undefined, '/v1');
      const { axiosRef } = module.get<HttpService>(upstreamHttp('orders'));
      await axiosRef.get('/a');
      await upstreams.client('orders').request(asked(), call);
      axiosRef.interceptors.request.use((config) => config);
      await upstreams.client('orders').request(asked(), call);
      expect(upstream.requests.map(({ target }) => target)).toEqual(['/v1/a', '/v1/orders', '/v1/orders']);
    });

    it('leaves no secret in what is thrown', async () => {
      const upstreams = await start();
      const secret = (config: InternalAxiosRequestConfig) => {
        config.headers.set('authorization', 'Bearer canary');
        return config;
      };
      module.get<HttpService>(upstreamHttp('orders')).axiosRef.interceptors.request.use(secret);
      for (const answer of [reset, json({ canary: 1 }, { status: 500 }), text('canary')]) {
        upstream.always(answer);
        const error: unknown = await upstreams
          .client('orders')
          .request(asked(), { ...call, method: 'POST', body: { canary: 1 } })
          .catch((thrown: unknown) => thrown);
        expect(inspect(error, { depth: 20, showHidden: true })).toMatch(/GatewayError/);
        expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('canary');
      }
      expect(upstream.requests[0]?.header('authorization')).toBe('Bearer canary');
    });

    it('asks no proxy of the environment', async () => {
      const before = process.env['HTTP_PROXY'];
      process.env['HTTP_PROXY'] = process.env['http_proxy'] = 'http://127.0.0.1:1';
      try {
        const upstreams = await start();
        await upstreams.client('orders').request(asked(), call);
        await module.get<HttpService>(upstreamHttp('orders')).axiosRef.get('/a');
      } finally {
        delete process.env['http_proxy'];
        if (before === undefined) delete process.env['HTTP_PROXY'];
        else process.env['HTTP_PROXY'] = before;
      }
      expect(upstream.requests).toHaveLength(2);
    });

    it('may be replaced by a double', async () => {
      const response = { status: 200, statusText: '', headers: {}, config: {}, data: { from: 'double' } };
      const upstreams = await start({ request: () => of(response) } as unknown as HttpService);
      expect(await upstreams.client('orders').request(asked(), call)).toMatchObject({
        body: { from: 'double' },
      });
    });

    it('maps what a double throws', async () => {
      const refused = new AxiosError('connect', 'ECONNREFUSED');
      const upstreams = await start({ request: () => throwError(() => refused) } as unknown as HttpService);
      await expect(upstreams.client('orders').request(asked(), call)).rejects.toMatchObject({
        reason: 'upstream_unavailable',
      });
    });
  });
});

describe('metrics of upstreams', () => {
  it('count attempts by outcome and retries, and show the circuit', async () => {
    const registry = new Registry();
    const definitions = [{ name: 'orders', url: upstream.url }];
    module = await Test.createTestingModule({
      imports: [
        {
          module: class Metrics {},
          global: true,
          providers: [{ provide: Registry, useValue: registry }],
          exports: [Registry],
        },
        UpstreamModule.register({ gateway: 'gateway-test', definitions }),
      ],
    }).compile();
    const upstreams = module.get(Upstreams);
    upstream.next(json({}, { status: 503 }), json({}), json({}, { status: 404 }));
    await upstreams.client('orders').request(asked(), call);
    await upstreams
      .client('orders')
      .request(asked(), call)
      .catch(() => undefined);
    upstreams.breaker('orders')?.open();
    const text = await registry.metrics();
    expect(text).toContain('gateway_upstream_requests_total{upstream="orders",outcome="success"} 1');
    expect(text).toContain('gateway_upstream_requests_total{upstream="orders",outcome="failure"} 1');
    expect(text).toContain('gateway_upstream_requests_total{upstream="orders",outcome="ignored"} 1');
    expect(text).toContain('gateway_retries_total{upstream="orders"} 1');
    expect(text).toContain('gateway_upstream_duration_seconds_count{upstream="orders"} 3');
    expect(text).toContain('gateway_circuit_state{upstream="orders"} 2');
  });
});
