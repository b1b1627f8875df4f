import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { hang, json } from '@facet/testing/upstreams';
import { Agent, request } from 'undici';
import { ClockRig } from '../support/clock-rig.ts';
import { many, tally } from '../support/until.ts';

/** One upstream that would take everything: it gets its share, the rest is refused at once, the others never notice. */
const bulkhead = { maxConcurrent: 20, maxQueue: 30 };
let rig: ClockRig<'greedy' | 'healthy'>;

beforeAll(async () => {
  rig = await ClockRig.start({
    upstreams: {
      greedy: { bulkhead, breaker: 'off', retry: 'off', timeouts: { attemptMs: 3_000 } },
      healthy: {},
    },
    routes: [
      { id: 'greedy', path: '/greedy/*', upstream: 'greedy' },
      { id: 'healthy', path: '/healthy/*', upstream: 'healthy' },
    ],
  });
});
afterAll(() => rig[Symbol.asyncDispose]());

it('holds its share, lines up as many again as may wait, and refuses the rest at once', async () => {
  const { greedy, healthy } = rig.upstreams;
  greedy.always(hang);
  healthy.always(json({ ok: true }));
  const agent = new Agent();
  const leaving = new AbortController();
  const waiting = Array.from({ length: 50 }, (_, index) => {
    const path = index % 2 ? '/json/greedy/1' : '/greedy/x';
    return request(`${rig.gateway.url}/api/web${path}`, { dispatcher: agent, signal: leaving.signal });
  });
  await greedy.received(20);
  const inside = rig.inside('greedy').bulkhead!;
  while (inside.queued < 30) await new Promise((resolve) => setImmediate(resolve));

  const answers = await many(500, 50, (index) => rig.client.get(index % 2 ? '/json/greedy/1' : '/greedy/x'));
  expect(tally(answers.map((answer) => answer.json.reason))).toEqual({ upstream_busy: 500 });
  for (const answer of answers) expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  expect(answers[0]?.headers['proxy-status']).toContain('error=connection_limit_reached');
  expect({ sockets: greedy.openSockets, requests: greedy.requests.length }).toEqual({
    sockets: 20,
    requests: 20,
  });

  const others = await many(200, 20, (index) => rig.client.get(index % 2 ? '/json/healthy/1' : '/healthy/x'));
  expect(tally(others.map(({ status }) => status))).toEqual({ 200: 200 });
  leaving.abort();
  await Promise.allSettled(waiting);
  await agent.destroy();
  await greedy.closedDownTo(0);
});

it('serves who waits in line as places come free, and lets nobody wait beyond his deadline', async () => {
  const { greedy } = rig.upstreams;
  greedy.requests.length = 0;
  greedy.always(hang);
  const calls = Array.from({ length: 50 }, () => rig.client.get('/json/greedy/1'));
  await greedy.received(20);
  // The attempts of the first twenty end; those in line take their places, with what is left of their own time.
  await rig.clock.advance(3_000);
  await greedy.received(40);
  await rig.clock.advance(3_000);
  await greedy.received(50);
  await rig.clock.advance(3_000);
  expect(tally((await Promise.all(calls)).map(({ status }) => status))).toEqual({ 504: 50 });
  expect(rig.inside('greedy').bulkhead).toMatchObject({ active: 0, queued: 0 });
});
