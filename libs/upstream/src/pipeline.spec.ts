import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '@facet/context';
import { CallStage, StandardFailureJudge } from '@facet/resilience';
import { testContext } from '@facet/testing';
import { hang, json, ScriptedUpstream } from '@facet/testing/upstreams';
import { type JsonAnswer } from './json-answer.ts';
import { type OutgoingCall } from './outgoing-call.ts';
import { SocketTransportFactory } from './transport-factory.ts';
import { Upstreams, type UpstreamsParts } from './upstreams.ts';

const call = { method: 'GET', route: '/orders', path: '/orders' } as const;
const asked = () => testContext({ clock: systemClock });

let upstream: ScriptedUpstream;
let upstreams: Upstreams;

beforeEach(async () => {
  upstream = await ScriptedUpstream.start(json({ from: 'upstream' }));
});

afterEach(async () => {
  await upstreams.close();
  await upstream[Symbol.asyncDispose]();
});

function start(more: Partial<UpstreamsParts> = {}): Upstreams {
  const transports = new SocketTransportFactory();
  const judge = new StandardFailureJudge();
  return (upstreams = new Upstreams({
    gateway: 'gateway-test',
    clock: systemClock,
    judge,
    transports,
    ...more,
  }));
}

/** Remembers the last answer for calls with a policy. */
class OneAnswerCache extends CallStage<OutgoingCall, JsonAnswer> {
  readonly #next: CallStage<OutgoingCall, JsonAnswer>;
  #kept: JsonAnswer | undefined;

  constructor(next: CallStage<OutgoingCall, JsonAnswer>) {
    super();
    this.#next = next;
  }

  override async run(outgoing: OutgoingCall): Promise<JsonAnswer> {
    if (outgoing.parts.cache === undefined) return this.#next.run(outgoing);
    return (this.#kept ??= await this.#next.run(outgoing));
  }
}

describe('the pipeline', () => {
  it('has a place for a cache, outside bulkhead and breaker', async () => {
    const orders = start({ cache: () => (next) => new OneAnswerCache(next) }).add({
      name: 'orders',
      url: upstream.url,
    });
    await orders.request(asked(), { ...call, cache: { ttlMs: 1_000 } });
    upstreams.get('orders').breaker?.hold('open');
    expect(await orders.request(asked(), { ...call, cache: { ttlMs: 1_000 } })).toMatchObject({
      body: { from: 'upstream' },
    });
    await expect(orders.request(asked(), call)).rejects.toMatchObject({ reason: 'upstream_unavailable' });
    expect(upstream.requests).toHaveLength(1);
  });

  it('doubles a GET that takes longer than its route does, and aborts the loser', async () => {
    const orders = start().add({ name: 'orders', url: upstream.url, hedge: { afterQuantile: 0.95 } });
    for (let n = 0; n < 20; n++) await orders.request(asked(), call);
    const before = upstream.requests.length;
    upstream.next(hang);
    const context = asked();
    expect(await orders.request(context, call)).toMatchObject({ status: 200 });
    expect(context.decisions.attempts).toBe(2);
    expect(upstream.requests.length).toBeGreaterThanOrEqual(before + 2);
    await upstream.closedDownTo(1);
  });

  it('works with everything switched off', async () => {
    const off = { retry: 'off', breaker: 'off', bulkhead: 'off' } as const;
    const orders = start().add({ name: 'orders', url: upstream.url, ...off });
    expect(await orders.request(asked(), call)).toMatchObject({ status: 200 });
    expect(upstreams.breaker('orders')).toBeUndefined();
  });

  it("counts what it did on the request's own record", async () => {
    const orders = start().add({ name: 'orders', url: upstream.url, retry: { baseDelayMs: 1 } });
    upstream.next(json({}, { status: 503 }));
    const context = asked();
    await orders.request(context, call);
    await orders.request(context, call);
    expect(context.decisions.attempts).toBe(3);
    expect(context.decisions.upstreamMs).toBeGreaterThan(0);
  });

  it('gives every attempt its own span and less time', async () => {
    const orders = start({ random: () => 0.999 }).add({ name: 'orders', url: upstream.url });
    upstream.next(json({}, { status: 503 }));
    await orders.request(asked(), call);
    const [first, second] = upstream.requests;
    expect(first?.header('traceparent')).not.toBe(second?.header('traceparent'));
    expect(first?.header('traceparent')?.slice(0, 36)).toBe(second?.header('traceparent')?.slice(0, 36));
    expect(Number(second?.header('x-request-deadline'))).toBeLessThan(
      Number(first?.header('x-request-deadline')),
    );
  });
});
