import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { anonymous, type RequestContext, Deadline, systemClock } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { StandardFailureJudge } from '@facet/resilience';
import { testContext } from '@facet/testing';
import { hang, hangUp, json, raw, reset, ScriptedUpstream, text } from '@facet/testing/upstreams';
import { path } from './path.ts';
import { SocketTransportFactory } from './transport-factory.ts';
import { type UpstreamDefinition } from './upstream-definition.ts';
import { type UpstreamClient } from './upstream.client.ts';
import { Upstreams } from './upstreams.ts';

let upstream: ScriptedUpstream;
let upstreams: Upstreams;

beforeEach(async () => {
  upstream = await ScriptedUpstream.start(json({ id: 7 }));
  upstreams = new Upstreams({
    gateway: 'gateway-test',
    clock: systemClock,
    judge: new StandardFailureJudge(),
    transports: new SocketTransportFactory(),
    random: () => 0,
  });
});

afterEach(async () => {
  await upstreams.close();
  await upstream[Symbol.asyncDispose]();
});

function client(definition: Partial<UpstreamDefinition> = {}): UpstreamClient {
  return upstreams.add({ name: 'orders', url: upstream.url, ...definition });
}

function context(overrides: Partial<RequestContext> = {}): RequestContext {
  return testContext({ clock: systemClock, ...overrides });
}

const order = { method: 'GET', route: '/orders/:id', path: path`/orders/${7}` } as const;

async function reasonOf(call: Promise<unknown>): Promise<GatewayError> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof GatewayError)) throw new Error('no GatewayError', { cause: error });
  return error;
}

describe('UpstreamClient.request', () => {
  it('gives back status, headers and the parsed body', async () => {
    const answer = await client().request(context(), order);
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: { id: 7 },
    });
    expect(upstream.requests[0]).toMatchObject({ method: 'GET', target: '/orders/7' });
  });

  it('puts the base path before and the query after the path', async () => {
    await client({ url: `${upstream.url}/v1/` }).request(context(), {
      ...order,
      query: { limit: 3, cursor: undefined, q: 'a&b' },
    });
    expect(upstream.requests[0]?.target).toBe('/v1/orders/7?limit=3&q=a%26b');
  });

  it('sends the body as JSON', async () => {
    await client().request(context(), {
      method: 'POST',
      route: '/orders',
      path: '/orders',
      body: { items: [1] },
    });
    expect(upstream.requests[0]?.json()).toEqual({ items: [1] });
    expect(upstream.requests[0]?.header('content-type')).toBe('application/json');
  });

  it('sends the verified identity, the request id, the trace and what is left of the time', async () => {
    const principal = { kind: 'bearer', subject: 'u1', tier: 'paid', scopes: ['a', 'b'], roles: [] } as const;
    await client().request(context({ principal }), order);
    const [request] = upstream.requests;
    expect(request?.header('x-user-id')).toBe('u1');
    expect(request?.header('x-user-tier')).toBe('paid');
    expect(request?.header('x-user-scopes')).toBe('a b');
    expect(request?.header('x-request-id')).toBe('01test');
    expect(request?.header('traceparent')).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
    expect(request?.header('traceparent')).not.toContain('b7ad6b7169203331');
    expect(Number(request?.header('x-request-deadline'))).toBeGreaterThan(5_000);
    expect(request?.header('via')).toBe('1.1 gateway-test');
  });

  it('claims no identity for an anonymous caller', async () => {
    await client().request(context(), order);
    expect(upstream.requests[0]?.header('x-user-id')).toBeUndefined();
  });

  it.each([
    [404, 'not_found'],
    [409, 'conflict'],
    [400, 'unprocessable'],
    [422, 'unprocessable'],
    [401, 'forbidden'],
    [403, 'forbidden'],
    [429, 'upstream_busy'],
    [500, 'upstream_error'],
    [302, 'upstream_error'],
  ])('turns status %i into %s', async (status, reason) => {
    upstream.always(
      json({ secret: 'upstream text' }, { status, headers: { location: 'http://127.0.0.1:1/' } }),
    );
    expect((await reasonOf(client().request(context(), order))).reason).toBe(reason);
    expect(upstream.requests).toHaveLength(1);
  });

  it('takes no part for the whole: 206 where no range was asked for', async () => {
    upstream.always(json({ id: 1 }, { status: 206, headers: { 'content-range': 'bytes 0-7/99' } }));
    await expect(client().request(context(), order)).rejects.toMatchObject({ reason: 'upstream_error' });
  });

  it('gives an accepted status back as an answer', async () => {
    upstream.always(json({ declined: true }, { status: 402 }));
    const answer = await client().request(context(), { ...order, acceptStatuses: [402] });
    expect(answer).toMatchObject({ status: 402, body: { declined: true } });
  });

  it.each([
    ['a reset', reset],
    ['a hang-up', hangUp],
    ['a 503', json({}, { status: 503 })],
    ['half an answer', raw('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n123', 'end')],
  ])('makes a GET again after %s', async (_, answer) => {
    upstream.next(answer);
    const asked = context();
    expect(await client().request(asked, order)).toMatchObject({ body: { id: 7 } });
    expect(asked.decisions.attempts).toBe(2);
    expect(upstream.requests).toHaveLength(2);
  });

  it('never makes a POST again', async () => {
    upstream.next(reset);
    const call = client().request(context(), { method: 'POST', route: '/orders', path: '/orders', body: {} });
    expect((await reasonOf(call)).reason).toBe('connection_terminated');
    expect(upstream.requests).toHaveLength(1);
  });

  const keyed = { method: 'POST', route: '/o', path: '/o', body: {}, idempotencyKey: 'k1' } as const;
  const principal = (subject: string) => ({ ...anonymous, kind: 'bearer', subject, tier: 'free' }) as const;
  const keysSent = () => upstream.requests.map((request) => request.header('idempotency-key'));

  it('makes a POST with an idempotency key again, with the same one', async () => {
    upstream.next(reset);
    await client().request(context({ principal: principal('usr_1') }), keyed);
    const [first, again] = keysSent();
    expect(first).toMatch(/^[\w-]{43}$/);
    expect(again).toBe(first);
  });

  it("never sends one caller's idempotency key for another", async () => {
    const orders = client();
    await orders.request(context({ principal: principal('usr_1') }), keyed);
    await orders.request(context({ principal: principal('usr_2') }), keyed);
    const [first, other] = keysSent();
    expect(other).not.toBe(first);
  });

  it('makes a POST of an anonymous caller once, whatever its idempotency key', async () => {
    upstream.next(reset);
    expect((await reasonOf(client().request(context(), keyed))).reason).toBe('connection_terminated');
    expect(keysSent()).toEqual([undefined]);
  });

  it("ends at the call's own limit and closes the socket", async () => {
    upstream.always(hang);
    const call = client({ retry: 'off' }).request(context(), { ...order, timeoutMs: 30 });
    expect((await reasonOf(call)).reason).toBe('upstream_timeout');
    await upstream.closedDownTo(0);
  });

  it('starts nothing once the deadline has passed', async () => {
    const call = client().request(context({ deadline: Deadline.after(systemClock, 0) }), order);
    expect((await reasonOf(call)).reason).toBe('deadline_exceeded');
    expect(upstream.requests).toHaveLength(0);
  });

  it('stops the upstream when the client leaves', async () => {
    upstream.always(hang);
    const leaving = new AbortController();
    const call = reasonOf(client().request(context({ signal: leaving.signal }), order));
    await upstream.received(1);
    leaving.abort();
    expect((await call).reason).toBe('client_closed_request');
    await upstream.closedDownTo(0);
  });

  it('answers 503 with Retry-After and the cause when the connection is refused', async () => {
    const error = await reasonOf(client({ url: 'http://127.0.0.1:1' }).request(context(), order));
    expect(error).toMatchObject({
      reason: 'upstream_unavailable',
      status: 503,
      proxyStatus: 'connection_refused',
    });
    expect(error.options.retryAfterMs).toBeGreaterThan(0);
  });

  it('opens the breaker on a failing upstream and then asks it no more', async () => {
    upstream.always(json({}, { status: 503 }));
    const orders = client();
    for (let n = 0; n < 20; n++) await reasonOf(orders.request(context(), order));
    const asked = upstream.requests.length;
    expect(asked).toBeLessThanOrEqual(11);
    const error = await reasonOf(orders.request(context(), order));
    expect(error).toMatchObject({ reason: 'upstream_unavailable', proxyStatus: 'destination_unavailable' });
    expect(error.options.retryAfterMs).toBeGreaterThan(0);
    expect(upstream.requests).toHaveLength(asked);
  });

  it.each([
    ['a status line', raw('BLARG\r\n\r\n')],
    ['a header', raw('HTTP/1.1 200 OK\r\nbad header\r\n\r\n')],
    ['a content type', text('<html>', { headers: { 'content-type': 'text/html' } })],
    ['JSON', text('{"a":', { headers: { 'content-type': 'application/json' } })],
    [
      'a content coding',
      text('x', { headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } }),
    ],
    ['chunks', raw('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n')],
    [
      'two framings',
      raw('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'),
    ],
    ['two lengths', raw('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}')],
    ['a foreign transfer coding', raw('HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\n{}', 'end')],
    ['a space before the colon', raw('HTTP/1.1 200 OK\r\ncontent-length : 2\r\n\r\n{}')],
    [
      'a folded line',
      raw('HTTP/1.1 200 OK\r\nx-a: b\r\n c\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}'),
    ],
    [
      'a NUL',
      raw('HTTP/1.1 200 OK\r\nx-a: b\0c\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}'),
    ],
  ])('answers 502 to garbage in %s', async (_, answer) => {
    upstream.always(answer);
    const error = await reasonOf(client().request(context(), order));
    expect([error.reason, error.status]).toEqual(['upstream_protocol_error', 502]);
  });

  it('refuses an answer over the cap', async () => {
    upstream.always(json('x'.repeat(2_000)));
    const call = client({ maxResponseBytes: 1_000 }).request(context(), order);
    expect((await reasonOf(call)).reason).toBe('upstream_body_too_large');
    await upstream.closedDownTo(0);
  });

  it.each([
    '//evil.test/',
    '/\\evil.test',
    'http://evil.test/',
    '@evil.test',
    '/a\r\nhost: b',
    '/a/../b',
    '/a#b',
    '/a b',
  ])('does not send %j anywhere', async (bad) => {
    expect((await reasonOf(client().request(context(), { ...order, path: bad }))).status).toBe(400);
    expect(upstream.requests).toHaveLength(0);
  });
});
