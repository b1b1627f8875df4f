import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Family, startFamily } from '../support/family.ts';
import { endFamily, manage } from '../support/quiet-end.ts';
import { until } from '../support/until.ts';

/** One upstream of a screen fails or hangs: what can be missing is, and is named; what can't makes the answer. */
let family: Family;
let token: string;

beforeAll(async () => {
  family = await startFamily(['mobile']);
  token = await family.mobile.client.login('/api/mobile', 'enterprise');
});
afterAll(() => endFamily(family, family.mobile));
afterEach(async () => {
  for (const service of Object.values(family.stack.services)) {
    await service.start();
    service.clearFaults();
    await manage(family.mobile.gateway, `/breakers/${service.name}/reset`, { method: 'POST' });
  }
});

const home = () => family.mobile.client.get('/api/mobile/home', { token });

describe('an optional part', () => {
  it('that fails is null and named, and the answer is not kept for long', async () => {
    const whole = await home();
    expect(whole).toMatchObject({ status: 200, json: { partial: false, parts: [] } });
    expect(whole.headers['cache-control']).toBe('private, max-age=15');
    family.stack.services.shipping.setFaults({ status: 500 });
    const answer = await home();
    expect(answer).toMatchObject({
      status: 200,
      json: {
        partial: true,
        parts: [{ part: 'nextDelivery', reason: 'upstream_error' }],
        nextDelivery: null,
        orders: whole.json.orders,
      },
    });
    expect(answer.headers['cache-control']).toBe('private, max-age=2');
    expect(answer.headers['etag']).not.toBe(whole.headers['etag']);
  });

  it('that hangs costs its own limit and no more, and its call is aborted', async () => {
    const { shipping } = family.stack.services;
    const abortedBefore = shipping.stats().aborted;
    shipping.setFaults({ latencyMs: 60_000 });
    const startedAtMs = performance.now();
    const answer = await home();
    const tookMs = performance.now() - startedAtMs;
    expect(answer).toMatchObject({
      status: 200,
      json: {
        partial: true,
        parts: [{ part: 'nextDelivery', reason: 'upstream_timeout' }],
        nextDelivery: null,
      },
    });
    expect(tookMs).toBeGreaterThanOrEqual(999);
    // The next limits are those of the other parts; `npm run bench -- --faults` prints how near it is.
    expect(tookMs).toBeLessThan(1_400);
    await until(() => shipping.stats().aborted === abortedBefore + 1);
  });

  it('that was there before is filled from its last copy, and named all the same', async () => {
    const { offers } = (await home()).json;
    await family.stack.services.catalog.stop();
    const answer = await home();
    expect(answer).toMatchObject({
      status: 200,
      json: { partial: true, parts: [{ part: 'offers', reason: 'upstream_unavailable' }], offers },
    });
    expect(offers.length).toBeGreaterThan(0);
  });

  it('leaves room for the others: three may be missing at once', async () => {
    for (const name of ['shipping', 'orders'] as const) await family.stack.services[name].stop();
    family.stack.services.catalog.setFaults({ garbage: true });
    const answer = await home();
    expect(answer.status).toBe(200);
    expect(answer.json.parts.map(({ part }: { part: string }) => part)).toEqual([
      'orders',
      'nextDelivery',
      'offers',
    ]);
  });
});

describe('the required part', () => {
  it.each([
    ['refuses', 503, 'upstream_unavailable', 'stop'],
    ['fails', 502, 'upstream_error', { status: 500 }],
    ['talks garbage', 502, 'upstream_protocol_error', { garbage: true }],
    ['hangs', 504, 'upstream_timeout', { latencyMs: 60_000 }],
  ] as const)('that %s makes the answer: %i', async (_, status, reason, fault) => {
    const { users } = family.stack.services;
    if (fault === 'stop') await users.stop();
    else users.setFaults(fault);
    expect(await home()).toMatchObject({ status, json: { reason } });
    await until(() =>
      Object.values(family.stack.services).every((service) => service.stats().inFlight === 0),
    );
  });
});
