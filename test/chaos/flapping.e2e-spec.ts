import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Answer, hang, json } from '@facet/testing/upstreams';
import { ClockRig } from '../support/clock-rig.ts';
import { many } from '../support/until.ts';
import { Agent, request } from 'undici';

/** An upstream that fails now and then: its breaker opens for what the upstream does, and for nothing else. */
const windowMs = 10_000;
let rig: ClockRig<'orders' | 'narrow'>;

beforeAll(async () => {
  const breaker = { windowMs, volumeThreshold: 10, errorThresholdPercentage: 50, resetTimeoutMs: 200 };
  rig = await ClockRig.start({
    upstreams: {
      orders: { retry: 'off', breaker },
      narrow: { retry: 'off', breaker, bulkhead: { maxConcurrent: 1, maxQueue: 0 } },
    },
    routes: [{ id: 'pass', path: '/pass/*', upstream: 'orders' }],
  });
});
afterAll(() => rig[Symbol.asyncDispose]());
beforeEach(() => {
  rig.inside('orders').breaker?.hold('auto');
  rig.upstreams.orders.always(json({}));
});

const breaker = () => rig.inside('orders').breaker!;
const get = () => rig.client.get('/json/orders/1');
/** Answers in turn, over and over. */
const alternately = (...answers: Answer[]): Answer => {
  let turn = 0;
  return (socket, request) => answers[turn++ % answers.length]!(socket, request);
};
const bad = json({}, { status: 500 });
const good = json({});

describe('the circuit', () => {
  it('opens at half of the calls failing, once there are enough of them', async () => {
    rig.upstreams.orders.always(alternately(good, bad));
    for (let call = 1; call <= 9; call++) await get();
    expect(breaker().state).toBe('closed');
    await get();
    expect(breaker().state).toBe('open');
  });

  it('stays closed below that, however many come', async () => {
    rig.upstreams.orders.always(alternately(good, good, bad, good, bad));
    for (let call = 1; call <= 200; call++) await get();
    expect(breaker().counts()).toMatchObject({ calls: 200, failures: 80 });
    expect(breaker().state).toBe('closed');
  });

  it('forgets what has left its window', async () => {
    rig.upstreams.orders.always(bad);
    for (let call = 1; call <= 9; call++) await get();
    await rig.clock.advance(windowMs);
    rig.upstreams.orders.always(alternately(good, good, bad));
    for (let call = 1; call <= 30; call++) await get();
    expect(breaker().counts()).toMatchObject({ calls: 30, failures: 10 });
    expect(breaker().state).toBe('closed');
  });

  it('lets one through when half-open, and opens again at its failure', async () => {
    rig.upstreams.orders.always(bad);
    for (let call = 1; call <= 10; call++) await get();
    expect(breaker().state).toBe('open');
    await once(breaker().opossum, 'halfOpen');
    const before = rig.upstreams.orders.requests.length;
    const gate = Promise.withResolvers<void>();
    rig.upstreams.orders.always(async (socket, request) => {
      await gate.promise;
      await bad(socket, request);
    });
    const probe = get();
    await rig.upstreams.orders.received(before + 1);
    const rest = await many(20, 20, get);
    expect(new Set(rest.map(({ status }) => status))).toEqual(new Set([503]));
    gate.resolve();
    await probe;
    expect(breaker().state).toBe('open');
    expect(rig.upstreams.orders.requests.length).toBe(before + 1);
  });
});

describe('is not opened by', () => {
  const unmoved = () => {
    expect(breaker().counts()).toEqual({ calls: 0, failures: 0, slow: 0 });
    expect(breaker().state).toBe('closed');
  };

  it.each([400, 401, 403, 404, 409, 422, 429, 451])('any number of %i', async (status) => {
    rig.upstreams.orders.always(json({}, { status }));
    await many(50, 10, get);
    await many(50, 10, () =>
      fetch(`${rig.gateway.url}/api/web/pass/x`, { headers: { connection: 'close' } }),
    );
    unmoved();
  });

  it('clients that leave', async () => {
    rig.upstreams.orders.always(hang);
    const before = rig.upstreams.orders.requests.length;
    const agent = new Agent();
    const leaving = new AbortController();
    const calls = Array.from({ length: 40 }, (_, index) => {
      const path = index % 2 ? '/json/orders/1' : '/pass/x';
      return request(`${rig.gateway.url}/api/web${path}`, { dispatcher: agent, signal: leaving.signal });
    });
    await rig.upstreams.orders.received(before + 40);
    leaving.abort();
    await Promise.allSettled(calls);
    await rig.upstreams.orders.closedDownTo(0);
    await agent.destroy();
    unmoved();
  });

  it('what the gateway itself refuses: a full bulkhead', async () => {
    rig.upstreams.narrow.always(hang);
    const agent = new Agent();
    const leaving = new AbortController();
    const first = request(`${rig.gateway.url}/api/web/json/narrow/1`, {
      dispatcher: agent,
      signal: leaving.signal,
    });
    await rig.upstreams.narrow.received(1);
    const refused = await many(50, 10, () => rig.client.get('/json/narrow/1'));
    expect(new Set(refused.map((answer) => answer.json.reason))).toEqual(new Set(['upstream_busy']));
    expect(rig.inside('narrow').breaker?.counts()).toEqual({ calls: 0, failures: 0, slow: 0 });
    leaving.abort();
    await Promise.allSettled([first]);
    await agent.destroy();
  });

  it('bodies over the cap, which a client can ask for', async () => {
    const large = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${2 ** 30}\r\n\r\n[`;
    rig.upstreams.orders.always((socket) => void socket.write(large));
    const answers = await many(30, 10, get);
    expect(new Set(answers.map((answer) => answer.json.reason))).toEqual(
      new Set(['upstream_body_too_large']),
    );
    unmoved();
  });
});
