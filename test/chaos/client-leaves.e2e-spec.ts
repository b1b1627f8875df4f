import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { hang, head, json, when } from '@facet/testing/upstreams';
import { Agent, request } from 'undici';
import { ChaosRig } from '../support/chaos-rig.ts';
import { ClockRig } from '../support/clock-rig.ts';
import { metric } from '../support/quiet-end.ts';
import { until } from '../support/until.ts';

/** Clients that go away: what they asked for is not done for nobody. */
describe('1,000 clients', () => {
  let rig: ChaosRig<'orders'>;
  let token: string;

  beforeAll(async () => {
    rig = await ChaosRig.start({
      scripted: ['orders'],
      routes: [{ id: 'pass', path: '/pass/*', upstream: 'orders' }],
    });
    token = await rig.token();
  });
  afterAll(() => rig[Symbol.asyncDispose]());
  beforeEach(() => {
    rig.upstreams.orders.requests.length = 0;
  });

  /** `waves` times 100 clients ask and leave once all have been heard of upstream. */
  async function askAndLeave(waves: number, path: string, method: 'GET' | 'POST' = 'GET'): Promise<void> {
    const { orders } = rig.upstreams;
    for (let wave = 1; wave <= waves; wave++) {
      const agent = new Agent();
      const calls = Array.from({ length: 100 }, () =>
        request(rig.url + path, {
          dispatcher: agent,
          method,
          headers: { authorization: `Bearer ${token}` },
        }).then(({ body }) => body.text()),
      );
      await orders.received(wave * 100);
      await agent.destroy();
      expect((await Promise.allSettled(calls)).every(({ status }) => status === 'rejected')).toBe(true);
      await orders.closedDownTo(0);
    }
  }

  it.each([
    ['before the answer, at an endpoint', '/api/mobile/orders', 'GET'],
    ['before the answer, at a route', '/pass/x', 'GET'],
    ['before the answer to a POST', '/pass/x', 'POST'],
  ] as const)('leave no orphan upstream: %s', async (_, path, method) => {
    rig.upstreams.orders.always(hang);
    await askAndLeave(3, path, method);
    expect(rig.upstreams.orders.requests.length).toBe(300);
  });

  it('leave no orphan upstream: in the middle of the body', async () => {
    rig.upstreams.orders.always((socket) => void socket.write(`${head(200, { 'content-length': '9' })}1234`));
    await askAndLeave(1, '/pass/x');
  });

  it('are not counted against the upstream', async () => {
    expect(await rig.upstream('orders')).toMatchObject({
      state: 'closed',
      failures: 0,
      active: 0,
      queued: 0,
    });
  });
});

describe('one of several who wait for the same answer', () => {
  let rig: ClockRig<'orders'>;

  beforeAll(async () => {
    rig = await ClockRig.start({
      upstreams: { orders: { coalesce: true, retry: 'off' } },
      routes: [
        {
          id: 'cached',
          path: '/cached/*',
          upstream: 'orders',
          cache: { identity: 'public', ttlSeconds: 60 },
        },
      ],
    });
  });
  afterAll(() => rig[Symbol.asyncDispose]());

  it.each(['/json/orders/', '/cached/'])('may leave without ending it for the rest: %s', async (path) => {
    const { orders } = rig.upstreams;
    const before = orders.requests.length;
    const gate = Promise.withResolvers<void>();
    orders.always(when(gate.promise, json({ shared: true })));
    const first = new Agent();
    const leaver = request(`${rig.gateway.url}/api/web${path}shared`, { dispatcher: first }).catch(
      () => 'left',
    );
    await orders.received(before + 1);
    const stayers = [rig.client.get(`${path}shared`), rig.client.get(`${path}shared`)];
    await until(async () => (await metric(rig.gateway, 'gateway_requests_in_flight')) === 3);
    await first.destroy();
    expect(await leaver).toBe('left');
    expect(orders.openSockets).toBe(1);
    gate.resolve();
    for (const answer of await Promise.all(stayers)) expect(answer.json).toEqual({ shared: true });
    expect(orders.requests.length).toBe(before + 1);
  });

  it.each(['/json/orders/', '/cached/'])('ends it as the last of them: %s', async (path) => {
    const { orders } = rig.upstreams;
    const before = orders.requests.length;
    orders.always(hang);
    const agent = new Agent();
    const calls = [1, 2, 3].map(() =>
      request(`${rig.gateway.url}/api/web${path}left`, { dispatcher: agent }),
    );
    await orders.received(before + 1);
    await until(async () => (await metric(rig.gateway, 'gateway_requests_in_flight')) === 3);
    await agent.destroy();
    await Promise.allSettled(calls);
    await orders.closedDownTo(0);
    expect(orders.requests.length).toBe(before + 1);
  });
});
