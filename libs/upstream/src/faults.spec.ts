import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type RequestContext, Deadline, systemClock } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { StandardFailureJudge } from '@facet/resilience';
import { testContext } from '@facet/testing';
import {
  type Answer,
  FaultProxy,
  hang,
  head,
  json,
  raw,
  reset,
  ScriptedUpstream,
  text,
  wholeBody,
} from '@facet/testing/upstreams';
import { type AddressInfo, createServer } from 'node:net';
import { once } from 'node:events';
import { TransportFactory, SocketTransportFactory } from './transport-factory.ts';
import { type Transport } from './transport/transport.ts';
import { type UpstreamDefinition } from './upstream-definition.ts';
import { type UpstreamSettings } from './upstream-settings.ts';
import { Upstreams } from './upstreams.ts';

// The faults of an upstream and the figure each must show; test/chaos asks the same of whole gateways.

let upstream: ScriptedUpstream;
let upstreams: Upstreams;
let transport: Transport;

class Remembering extends TransportFactory {
  override create(settings: UpstreamSettings): Transport {
    return (transport = new SocketTransportFactory().create(settings));
  }
}

beforeEach(async () => {
  upstream = await ScriptedUpstream.start();
  upstreams = new Upstreams({
    gateway: 'gateway-test',
    clock: systemClock,
    judge: new StandardFailureJudge(),
    transports: new Remembering(),
  });
});

afterEach(async () => {
  await upstreams.close();
  await upstream.closedDownTo(0);
  await upstream[Symbol.asyncDispose]();
});

const patient = { breaker: 'off' } as const;

function client(definition: Partial<UpstreamDefinition> = {}) {
  return upstreams.add({ name: 'orders', url: upstream.url, ...definition });
}

function context(overrides: Partial<RequestContext> = {}): RequestContext {
  return testContext({ clock: systemClock, ...overrides });
}

const get = { method: 'GET', route: '/orders/:id', path: '/orders/7' } as const;
const post = { method: 'POST', route: '/orders', path: '/orders', body: {} } as const;

interface Settled {
  readonly status?: number;
  readonly reason?: string;
  readonly body?: unknown;
}

async function settle(call: Promise<unknown>): Promise<Settled> {
  return call.then(
    (answer) => answer as Settled,
    (error: unknown) => {
      if (error instanceof GatewayError) return error;
      throw error;
    },
  );
}

/** Runs `count` calls, `lanes` at a time. */
async function many<T>(count: number, lanes: number, one: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (let index = next++; index < count; index = next++) results[index] = await one(index);
    }),
  );
  return results;
}

/** Times out when the pool keeps anything: an exchange that is over has left its place. */
async function nothingPending(): Promise<void> {
  while (transport.stats().pending > 0) await new Promise(setImmediate);
}

describe('a slow upstream', () => {
  it('costs 504 at the deadline, is told at once, and holds no more sockets than the pool has', async () => {
    upstream.always(hang);
    const orders = client({ ...patient, retry: 'off', bulkhead: { maxConcurrent: 50, maxQueue: 1_000 } });
    const overtimes = await many(1_000, 100, async () => {
      const deadline = Deadline.after(systemClock, 20);
      const { status } = await settle(orders.request(context({ deadline }), get));
      expect([503, 504]).toContain(status);
      return systemClock.monotonic() - deadline.expiresAtMs;
    });
    overtimes.sort((a, b) => a - b);
    expect(overtimes[500]).toBeLessThan(1_000);
    expect(upstream.openSockets).toBeLessThanOrEqual(50);
    await upstream.closedDownTo(0);
    await nothingPending();
  });
});

describe("an upstream that can't be connected to", () => {
  it('costs 504 at the connect limit, TLS included', async () => {
    await using proxy = await FaultProxy.start(upstream.port);
    proxy.always({ halfOpen: true });
    const orders = client({
      url: proxy.url.replace('http', 'https'),
      retry: 'off',
      timeouts: { connectMs: 60 },
    });
    const startedAtMs = systemClock.monotonic();
    expect(await settle(orders.request(context(), get))).toMatchObject({
      reason: 'connection_timeout',
      status: 504,
    });
    // Far from every other limit; how near to its own is a matter of the machine.
    expect(systemClock.monotonic() - startedAtMs).toBeLessThan(1_000);
  });

  it('costs 504 when it accepts and then says nothing', async () => {
    await using proxy = await FaultProxy.start(upstream.port);
    proxy.always({ halfOpen: true });
    const orders = client({ url: proxy.url, retry: 'off', timeouts: { firstByteMs: 60 } });
    expect(await settle(orders.request(context(), get))).toMatchObject({ reason: 'upstream_timeout' });
  });

  it('says so when its name leads nowhere', async () => {
    const named = client({ url: 'http://nobody.invalid', retry: 'off' });
    expect((await settle(named.request(context(), get))).reason).toMatch(/^upstream_dns_(error|timeout)$/);
  });

  it('says so when it does not speak TLS', async () => {
    await using plain = createServer((socket) =>
      socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    ).listen(0, '127.0.0.1');
    await once(plain, 'listening');
    const { port } = plain.address() as AddressInfo;
    const orders = client({ url: `https://127.0.0.1:${port}`, retry: 'off' });
    expect((await settle(orders.request(context(), get))).reason).toBe('upstream_tls_error');
  });
});

describe('an upstream that breaks off in mid-body', () => {
  it('shows 1,000 of 1,000 readers that it did', async () => {
    const half = head(200, { 'content-length': '1000' }) + 'x'.repeat(500);
    upstream.always((socket, request) =>
      raw(half, request.target.endsWith('0') ? 'reset' : 'end')(socket, request),
    );
    const orders = client(patient);
    const ends = await many(1_000, 20, async (index) => {
      const { body } = await orders.forward(context(), { ...get, path: `/${index}`, headers: [] });
      return wholeBody(body).then(
        () => 'clean',
        () => 'broken',
      );
    });
    expect(ends.filter((end) => end === 'broken')).toHaveLength(1_000);
  });

  it('is asked again for GETs, of which 99 % succeed at 10 % resets, and never twice for a POST', async () => {
    let turn = 0;
    const flaky: Answer = (socket, request) =>
      (turn++ % 10 === 0 ? reset : json({ ok: true }))(socket, request);
    upstream.always(flaky);
    const orders = client({ ...patient, retry: { baseDelayMs: 1, maxDelayMs: 1 } });
    const gets = await many(1_000, 20, () => settle(orders.request(context(), get)));
    expect(gets.filter(({ body }) => body !== undefined).length).toBeGreaterThanOrEqual(990);
    const before = upstream.requests.length;
    await many(500, 20, () => settle(orders.request(context(), post)));
    expect(upstream.requests.length - before).toBe(500);
  });
});

describe('an upstream that lies about its lengths', () => {
  it('never gives one caller the answer of another', async () => {
    let turn = 0;
    upstream.always((socket, request) => {
      const body = JSON.stringify({ path: request.target });
      const kind = turn++ % 4;
      if (kind === 0) return json({ path: request.target })(socket, request);
      const type = { 'content-type': 'application/json' };
      if (kind === 1) {
        const foreign = `${head(200, { ...type, 'content-length': '12' })}{"path":"/x"}`;
        socket.write(`${head(200, { ...type, 'content-length': String(body.length) })}${body}${foreign}`);
        return;
      }
      if (kind === 2)
        socket.end(`${head(200, { ...type, 'content-length': String(body.length + 5) })}${body}`);
      else socket.write(`${head(200, { ...type, 'content-length': String(body.length - 3) })}${body}`);
    });
    const orders = client({ ...patient, retry: 'off' });
    let right = 0;
    await many(2_000, 16, async (index) => {
      const { body } = await settle(orders.request(context(), { ...get, path: `/${index}` }));
      if (body === undefined) return;
      expect(body).toEqual({ path: `/${index}` });
      right++;
    });
    expect(right).toBeGreaterThanOrEqual(500);
  });

  it('costs 502 when the proxy before it changes them', async () => {
    await using proxy = await FaultProxy.start(upstream.port);
    const orders = client({
      ...patient,
      url: proxy.url,
      retry: 'off',
      timeouts: { attemptMs: 100, totalMs: 200 },
    });
    proxy.next(
      { lengthOff: -1 },
      { lengthOff: 5 },
      { resetAfterBytes: 20 },
      { garbage: '\0\x01\x02\r\n\r\n' },
    );
    const reasons: (string | undefined)[] = [];
    for (let n = 0; n < 4; n++) reasons.push((await settle(orders.request(context(), get))).reason);
    expect(reasons).toEqual([
      'upstream_protocol_error',
      'upstream_timeout',
      'connection_terminated',
      'upstream_protocol_error',
    ]);
    expect((await settle(orders.request(context(), get))).body).toEqual({});
  });
});

describe('an upstream that fails with large bodies', () => {
  it('leaves nothing in the pool after 1,000 retried 503s of 1 MB', async () => {
    upstream.always(text(Buffer.alloc(1_000_000, 'x'), { status: 503 }));
    const orders = client({
      ...patient,
      retry: { attempts: 2, baseDelayMs: 1, budgetShare: 1 },
    });
    await many(500, 10, () => settle(orders.request(context(), get)));
    expect(upstream.requests.length).toBe(1_000);
    await upstream.closedDownTo(0);
    await nothingPending();
  });

  it('keeps its sockets when the bodies are small', async () => {
    upstream.always(json({ why: 'busy' }, { status: 503 }));
    const orders = client({ ...patient, retry: 'off' });
    await many(200, 4, () => settle(orders.request(context(), get)));
    expect(upstream.connections).toBeLessThanOrEqual(8);
  });
});

describe('an upstream that asks for time', () => {
  it('is left alone by everybody until it has passed', async () => {
    upstream.always(json({}, { status: 503, headers: { 'retry-after': '30' } }));
    const orders = client(patient);
    expect(await settle(orders.request(context(), get))).toMatchObject({
      reason: 'upstream_unavailable',
      options: { retryAfterMs: 30_000 },
    });
    await many(50, 10, () => settle(orders.request(context(), get)));
    expect(upstream.requests).toHaveLength(1);
  });
});

describe('everything fails and clients come again', () => {
  it('sends at most 1.2 requests per client request before the breaker opens, and about none after', async () => {
    upstream.always(json({}, { status: 503 }));
    const orders = client();
    await many(50, 50, () => settle(orders.request(context(), get)));
    expect(upstream.requests.length).toBeLessThanOrEqual(60);
    const open = upstream.requests.length;
    await many(1_000, 50, () => settle(orders.request(context(), get)));
    expect(upstream.requests.length).toBe(open);
  });
});

describe('an upstream that comes back', () => {
  it('gets one probe from everybody together, and all traffic after its success', async () => {
    upstream.always(reset);
    const orders = client({ breaker: { resetTimeoutMs: 30 }, retry: 'off' });
    await many(10, 1, () => settle(orders.request(context(), get)));
    upstream.always(json({ ok: true }));
    await once(upstreams.breaker('orders')!, 'halfOpen');
    const before = upstream.requests.length;
    const first = await many(50, 50, () => settle(orders.request(context(), get)));
    expect(upstream.requests.length - before).toBe(1);
    expect(first.filter(({ status }) => status === 503)).toHaveLength(49);
    const second = await many(50, 50, () => settle(orders.request(context(), get)));
    expect(second.every(({ status }) => status === 200)).toBe(true);
  });
});

describe('clients that go away', () => {
  it('leave no orphan at the upstream: 0 of 1,000', async () => {
    upstream.always(hang);
    const orders = client({ ...patient, bulkhead: { maxConcurrent: 100, maxQueue: 1_000 } });
    await many(10, 1, async (round) => {
      const leaving = new AbortController();
      const calls = Array.from({ length: 100 }, () =>
        settle(orders.request(context({ signal: leaving.signal }), get)),
      );
      await upstream.received((round + 1) * 100);
      leaving.abort();
      for (const { reason } of await Promise.all(calls)) expect(reason).toBe('client_closed_request');
      await upstream.closedDownTo(0);
    });
    await nothingPending();
  });

  it('do not open the breaker, nor do 4xx', async () => {
    const orders = client();
    upstream.always(json({}, { status: 404 }));
    await many(100, 10, () => settle(orders.request(context(), get)));
    upstream.always(hang);
    for (let n = 0; n < 30; n++) {
      const leaving = new AbortController();
      const call = settle(orders.request(context({ signal: leaving.signal }), get));
      await upstream.received(101 + n);
      leaving.abort();
      await call;
    }
    expect(upstreams.get('orders').breaker?.counts()).toEqual({ calls: 0, failures: 0, slow: 0 });
  });
});

describe('identical GETs', () => {
  it('are sent once for one principal and apart for two', async () => {
    const orders = client({ coalesce: true });
    const as = (subject: string) =>
      context({ principal: { kind: 'bearer', subject, tier: 'paid', scopes: [], roles: [] } });
    upstream.always((socket, request) => json({ for: request.header('x-user-id') })(socket, request));
    const bodies = await Promise.all(
      ['a', 'b', 'a', 'b', 'a'].map(
        async (subject) => (await orders.request<{ for: string }>(as(subject), get)).body.for,
      ),
    );
    expect(bodies).toEqual(['a', 'b', 'a', 'b', 'a']);
    expect(upstream.requests).toHaveLength(2);
  });
});

describe('one upstream that takes all', () => {
  it('is refused more than its share while another is served', async () => {
    await using other = await ScriptedUpstream.start(json({ ok: true }));
    upstream.always(hang);
    const orders = client({ bulkhead: { maxConcurrent: 10, maxQueue: 10 } });
    const users = upstreams.add({ name: 'users', url: other.url });
    const leaving = new AbortController();
    const stuck = Array.from({ length: 100 }, () =>
      settle(orders.request(context({ signal: leaving.signal }), get)),
    );
    await upstream.received(10);
    expect((await settle(users.request(context(), get))).body).toEqual({ ok: true });
    leaving.abort();
    const reasons = (await Promise.all(stuck)).map(({ reason }) => reason);
    expect(reasons.filter((reason) => reason === 'upstream_busy')).toHaveLength(80);
    expect(upstream.requests).toHaveLength(10);
  });
});
