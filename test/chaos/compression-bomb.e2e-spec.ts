import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { text } from '@facet/testing/upstreams';
import { Agent, request } from 'undici';
import { ChaosRig } from '../support/chaos-rig.ts';

/** An upstream whose small answer would inflate to a gibibyte: nobody here inflates it. */
const maxGrowthBytes = 64 * 1024 ** 2;
const bomb = Buffer.concat(Array<Buffer>(64).fill(gzipSync(Buffer.alloc(16 * 1024 ** 2))));
const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
let rig: ChaosRig<'orders'>;

beforeAll(async () => {
  rig = await ChaosRig.start({
    scripted: ['orders'],
    routes: [{ id: 'pass', path: '/pass/*', upstream: 'orders' }],
  });
});
afterAll(() => rig[Symbol.asyncDispose]());

it('is 502 at an endpoint, which asked for no coding', async () => {
  const { orders } = rig.upstreams;
  orders.always(text(bomb, { headers }));
  const before = rig.forgetPeak();
  const answer = await rig.client.get('/api/mobile/orders', { token: await rig.token() });
  expect(answer).toMatchObject({ status: 502, json: { reason: 'upstream_protocol_error' } });
  expect(orders.requests.at(-1)?.header('accept-encoding')).toBe('identity');
  expect(rig.peakBytes() - before).toBeLessThan(maxGrowthBytes);
});

it('goes through a route as it came, byte for byte', async () => {
  rig.upstreams.orders.always(text(bomb, { headers }));
  const before = rig.forgetPeak();
  const dispatcher = new Agent();
  const { body } = await request(`${rig.url}/pass/bomb`, { dispatcher });
  expect(Buffer.from(await body.arrayBuffer()).equals(bomb)).toBe(true);
  expect(rig.peakBytes() - before).toBeLessThan(maxGrowthBytes);
  await dispatcher.destroy();
});
