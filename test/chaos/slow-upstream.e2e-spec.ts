import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { hang } from '@facet/testing/upstreams';
import { ClockRig } from '../support/clock-rig.ts';

/** An upstream that takes too long: 504 at the deadline to the millisecond, and it is told to stop. */
const pool = 50;
let rig: ClockRig<'orders' | 'patient'>;

beforeAll(async () => {
  const bulkhead = { maxConcurrent: pool, maxQueue: 1_000 };
  rig = await ClockRig.start({
    upstreams: {
      orders: { retry: 'off', breaker: 'off', bulkhead, timeouts: { attemptMs: 2_000, totalMs: 2_000 } },
      patient: { breaker: 'off', timeouts: { attemptMs: 20_000, totalMs: 60_000 } },
    },
    routes: [
      { id: 'pass', path: '/pass/*', upstream: 'orders', timeoutMs: 3_000 },
      { id: 'patient', path: '/patient/*', upstream: 'patient' },
    ],
    config: { server: { requestDeadlineMs: 10_000 } },
  });
});
afterAll(() => rig[Symbol.asyncDispose]());
beforeEach(() => {
  for (const upstream of Object.values(rig.upstreams)) {
    upstream.always(hang);
    upstream.requests.length = 0;
  }
});

describe.each([
  ['an endpoint', '/json/orders/1', 'orders', 2_000],
  ["a route's own limit", '/pass/x', 'orders', 3_000],
  ['the deadline of the request', '/patient/x', 'patient', 10_000],
  ['the deadline of the request, at an endpoint', '/json/patient/1', 'patient', 10_000],
] as const)('%s', (_, path, name, limitMs) => {
  it(`answers 504 after ${limitMs} ms, not before and not later`, async () => {
    const upstream = rig.upstreams[name];
    const { bulkhead } = rig.inside(name);
    const call = rig.client.get(path);
    const [request] = await upstream.received(1);
    expect(Number(request?.header('x-request-deadline'))).toBe(limitMs);
    await rig.clock.advance(limitMs - 1);
    expect(bulkhead?.active).toBe(1);
    await rig.clock.advance(1);
    expect(bulkhead?.active).toBe(0);
    const answer = await call;
    expect(answer).toMatchObject({
      status: 504,
      json: { reason: expect.stringMatching(/^(upstream_timeout|deadline_exceeded)$/) },
    });
    expect(answer.headers['proxy-status']).toContain('error=http_response_timeout');
    await upstream.closedDownTo(0);
  });
});

it('holds no more sockets than the pool has, and none after 1,000 slow calls', async () => {
  const { orders } = rig.upstreams;
  for (let wave = 1; wave <= 20; wave++) {
    const calls = Array.from({ length: pool }, (_, index) =>
      rig.client.get(index % 2 ? `/json/orders/${index}` : `/pass/${index}`),
    );
    await orders.received(wave * pool);
    expect(orders.openSockets).toBeLessThanOrEqual(pool);
    await rig.clock.advance(3_000);
    for (const { status } of await Promise.all(calls)) expect(status).toBe(504);
    await orders.closedDownTo(0);
  }
  expect(orders.requests.length).toBe(1_000);
});
