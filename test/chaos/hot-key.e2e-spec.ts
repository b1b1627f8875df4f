import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { json, when } from '@facet/testing/upstreams';
import { ClockRig } from '../support/clock-rig.ts';
import { metric } from '../support/quiet-end.ts';
import { tally, until } from '../support/until.ts';

/** A thousand ask at once for what is not there, or just expired: the upstream is asked once. */
const crowd = 1_000;
const ttlSeconds = 60;
let rig: ClockRig<'catalog'>;

beforeAll(async () => {
  const cache = { identity: 'public', ttlSeconds } as const;
  rig = await ClockRig.start({
    upstreams: { catalog: { retry: 'off' } },
    routes: [
      { id: 'cached', path: '/cached/*', upstream: 'catalog', cache },
      {
        id: 'stale',
        path: '/stale/*',
        upstream: 'catalog',
        cache: { ...cache, staleWhileRevalidateSeconds: 60 },
      },
    ],
  });
});
afterAll(() => rig[Symbol.asyncDispose]());
beforeEach(() => {
  rig.upstreams.catalog.requests.length = 0;
});

/** Answers once all of `crowd` are in the gateway, so that they really are there at once. */
async function together(path: string, body: unknown) {
  const { catalog } = rig.upstreams;
  const gate = Promise.withResolvers<void>();
  catalog.always(when(gate.promise, json(body)));
  const calls = Array.from({ length: crowd }, () => rig.client.get(path));
  await until(async () => (await metric(rig.gateway, 'gateway_requests_in_flight')) === crowd);
  gate.resolve();
  return await Promise.all(calls);
}

it('asks the upstream 1 time for 1,000 concurrent misses', async () => {
  const answers = await together('/cached/hot', { version: 1 });
  expect(tally(answers.map(({ status, text }) => `${status} ${text}`))).toEqual({
    '200 {"version":1}': crowd,
  });
  expect(rig.upstreams.catalog.requests.length).toBe(1);
});

it('asks 1 time when the hot key has expired', async () => {
  await rig.clock.advance((ttlSeconds + 1) * 1_000);
  const answers = await together('/cached/hot', { version: 2 });
  expect(tally(answers.map(({ text }) => text))).toEqual({ '{"version":2}': crowd });
  expect(rig.upstreams.catalog.requests.length).toBe(1);
});

describe('with stale-while-revalidate', () => {
  it('answers all 1,000 from the old copy meanwhile, and asks 1 time', async () => {
    const { catalog } = rig.upstreams;
    catalog.always(json({ version: 1 }));
    await rig.client.get('/stale/hot');
    await rig.clock.advance((ttlSeconds + 1) * 1_000);
    const gate = Promise.withResolvers<void>();
    catalog.always(when(gate.promise, json({ version: 2 })));
    const answers = await Promise.all(Array.from({ length: crowd }, () => rig.client.get('/stale/hot')));
    expect(tally(answers.map(({ text }) => text))).toEqual({ '{"version":1}': crowd });
    await catalog.received(2);
    expect(catalog.requests.length).toBe(2);
    gate.resolve();
    await until(async () => (await rig.client.get('/stale/hot')).json.version === 2);
    expect(catalog.requests.length).toBe(2);
  });
});
