import { type Tier } from '@facet/context';
import { FakeClock } from '@facet/testing';
import { type Answer } from '@facet/testing/gateway';
import { hang, json, when } from '@facet/testing/upstreams';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ChaosRig } from '../support/chaos-rig.ts';
import { ClockRig } from '../support/clock-rig.ts';
import { metric } from '../support/quiet-end.ts';
import { many, tally, until } from '../support/until.ts';

/** More than can be done: the lowest tiers are turned away first and early, so that the others are still served. */
const tiers: readonly (Tier | 'anonymous')[] = ['anonymous', 'free', 'paid', 'premium', 'enterprise'];
const maxInFlight = 20;
const routes = [
  { id: 'work', path: '/work/*', upstream: 'orders', auth: 'public' as const },
  { id: 'quick', path: '/quick/*', upstream: 'orders', auth: 'public' as const },
];

/** A clock whose timers run late, as behind an event loop that stands still. */
class StallingClock extends FakeClock {
  #lateMs = 0;

  override monotonic(): number {
    return super.monotonic() + this.#lateMs;
  }

  /** Long enough for it to count. */
  async stall(delayMs: number): Promise<void> {
    for (let sample = 0; sample < 3; sample++) {
      this.#lateMs += delayMs;
      await this.advance(50);
    }
  }
}

let rig: ClockRig<'orders'>;
const clock = new StallingClock(Date.now());
const tokens = new Map<string, string>();

async function startRig(): Promise<void> {
  rig = await ClockRig.start({
    upstreams: { orders: { bulkhead: 'off', retry: 'off', breaker: 'off' } },
    routes,
    overload: { maxInFlight, maxEventLoopDelayMs: 250 },
    clock,
  });
  for (const tier of tiers.slice(1)) tokens.set(tier, await rig.gateway.token({ tier }));
}

function get(path: string, tier: string): Promise<Answer> {
  const token = tokens.get(tier);
  return rig.client.get(path, token === undefined ? {} : { token });
}

function assertShed(answer: Answer): void {
  expect(answer).toMatchObject({ status: 503, json: { reason: 'overloaded' } });
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
}

async function isHealthy(): Promise<boolean> {
  const statuses = [`${rig.gateway.url}/health`, `${rig.gateway.managementUrl}/health/ready`].map(
    async (url) => (await fetch(url, { headers: { connection: 'close' } })).status,
  );
  return (await Promise.all(statuses)).every((status) => status === 200);
}

describe('requests under way', () => {
  beforeAll(startRig);
  afterAll(() => rig[Symbol.asyncDispose]());

  it('fill up from the lowest tier to the highest, health is never turned away, and all is well after it', async () => {
    const { orders } = rig.upstreams;
    const gate = Promise.withResolvers<void>();
    orders.always(when(gate.promise, json({})));
    const held: Promise<Answer>[] = [];
    const hold = async (count: number, tier: string) => {
      const before = orders.requests.length;
      for (let n = 0; n < count; n++) held.push(get('/work/x', tier));
      await orders.received(before + count);
    };
    // Each tier is served to the point from which it is turned away: the request that would reach it is not.
    await hold(maxInFlight - 1, 'anonymous');
    for (const [tier, more] of [
      ['free', 5],
      ['paid', 5],
      ['premium', 10],
      ['enterprise', 20],
    ] as const) {
      await hold(more, tier);
      for (const refused of tiers.slice(0, tiers.indexOf(tier) + 1))
        assertShed(await get('/quick/x', refused));
    }
    expect(await isHealthy()).toBe(true);
    gate.resolve();
    expect(tally((await Promise.all(held)).map(({ status }) => status))).toEqual({ 200: 59 });
    for (const tier of tiers) expect((await get('/quick/x', tier)).status).toBe(200);
  });
});

describe('an event loop that stands still', () => {
  beforeAll(startRig);
  afterAll(() => rig[Symbol.asyncDispose]());

  it('turns the lowest tiers away, health never, and everybody is back within 2 s of relief', async () => {
    rig.upstreams.orders.always(json({}));
    await clock.stall(320);
    for (const refused of ['anonymous', 'free']) assertShed(await get('/quick/x', refused));
    for (const served of ['paid', 'premium', 'enterprise'])
      expect((await get('/quick/x', served)).status).toBe(200);
    await clock.stall(2_000);
    for (const tier of tiers) assertShed(await get('/quick/x', tier));
    expect(await isHealthy()).toBe(true);
    await clock.advance(2_000);
    for (const tier of tiers) expect((await get('/quick/x', tier)).status).toBe(200);
  });

  it('makes nothing of one long task', async () => {
    await clock.advance(1_000);
    await clock.stall(0);
    expect((await get('/quick/x', 'anonymous')).status).toBe(200);
  });
});

describe('a crowd at a built gateway', () => {
  const maxGrowthBytes = 150 * 1024 ** 2;
  let built: ChaosRig<'orders'>;

  beforeAll(async () => {
    // The whole crowd has to come before the first leaves, on a busy machine too.
    built = await ChaosRig.start({
      scripted: ['orders'],
      routes: [{ id: 'pass', path: '/pass/*', upstream: 'orders', timeoutMs: 5_000, retry: 'off' }],
    });
  });
  afterAll(() => built[Symbol.asyncDispose]());

  it('is answered to the last one, with bounded memory, and leaves the gateway as it was', async () => {
    const { orders } = built.upstreams;
    orders.always(hang);
    await built.hold('orders', 'closed');
    const rested = built.forgetPeak();
    const answers = await many(1_500, 1_500, () => built.client.get('/pass/x'));
    // Refused at once, or at the deadline.
    const { 503: refused = 0, 504: late = 0 } = tally(answers.map(({ status }) => status));
    expect([refused + late, refused > 0, late > 0]).toEqual([1_500, true, true]);
    for (const { status, headers } of answers)
      if (status === 503) expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(built.peakBytes() - rested).toBeLessThan(maxGrowthBytes);
    orders.always(json({}));
    expect((await built.client.get('/pass/x')).status).toBe(200);
  });

  it('goes on with what it had after it was stopped for a while', async () => {
    const { orders } = built.upstreams;
    const gate = Promise.withResolvers<void>();
    orders.always(when(gate.promise, json({})));
    const before = orders.requests.length;
    const calls = Promise.all(Array.from({ length: 50 }, () => built.client.get('/pass/x')));
    await orders.received(before + 50);
    built.gateway.child.kill('SIGSTOP');
    gate.resolve();
    built.gateway.child.kill('SIGCONT');
    expect(tally((await calls).map(({ status }) => status))).toEqual({ 200: 50 });
    await until(async () => (await metric(built.gateway, 'gateway_requests_in_flight')) === 0);
  });
});
