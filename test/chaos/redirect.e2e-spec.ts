import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { json, ScriptedUpstream, text } from '@facet/testing/upstreams';
import { ChaosRig } from '../support/chaos-rig.ts';

/** An upstream that redirects: never followed, so that no credential can be led to another host. */
let rig: ChaosRig<'orders'>;
let foreign: ScriptedUpstream;
let token: string;

beforeAll(async () => {
  rig = await ChaosRig.start({
    scripted: ['orders'],
    routes: [
      {
        id: 'pass',
        path: '/pass/*',
        upstream: 'orders',
        auth: 'jwt',
        forwardCredentials: ['authorization', 'cookie'],
      },
    ],
  });
  foreign = await ScriptedUpstream.start();
  token = await rig.token();
});
afterAll(async () => {
  await foreign[Symbol.asyncDispose]();
  await rig[Symbol.asyncDispose]();
});

const statuses = [301, 302, 303, 307, 308];

it.each(statuses)('%i is no answer to an endpoint: 502', async (status) => {
  rig.upstreams.orders.always(json({}, { status, headers: { location: `${foreign.url}/orders` } }));
  const answer = await rig.client.get('/api/mobile/orders', { token });
  expect(answer).toMatchObject({ status: 502, json: { reason: 'upstream_error' } });
  expect(answer.headers['location']).toBeUndefined();
  expect(answer.text).not.toContain(foreign.url);
});

it.each(statuses)('%i goes through a route as it is, for the client to judge', async (status) => {
  const location = `${foreign.url}/elsewhere`;
  rig.upstreams.orders.always(text('', { status, headers: { location } }));
  const answer = await rig.client.get('/pass/x', { token, headers: { cookie: 'a=b' } });
  expect(answer.status).toBe(status);
  expect(answer.headers['location']).toBe(location);
  expect(rig.upstreams.orders.requests.at(-1)?.header('authorization')).toBe(`Bearer ${token}`);
});

it('has led nobody to the foreign host', () => {
  expect(foreign.connections).toBe(0);
});
