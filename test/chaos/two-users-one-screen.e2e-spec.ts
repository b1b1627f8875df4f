import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { json } from '@facet/testing/upstreams';
import { ClockRig } from '../support/clock-rig.ts';
import { many, tally } from '../support/until.ts';

/** Two users take turns at one cached screen: neither ever sees what is the other's. */
const asked = 2_000;
const users = ['usr_a', 'usr_b'] as const;
let rig: ClockRig<'users'>;
let tokens: string[];

beforeAll(async () => {
  const ttlSeconds = 60;
  rig = await ClockRig.start({
    upstreams: { users: { coalesce: true } },
    routes: [
      {
        id: 'own',
        path: '/own/*',
        upstream: 'users',
        auth: 'jwt',
        cache: { identity: 'perSubject', ttlSeconds },
      },
      {
        id: 'careless',
        path: '/careless/*',
        upstream: 'users',
        auth: 'jwt',
        cache: { identity: 'public' },
        forwardCredentials: ['authorization'],
      },
      { id: 'plain', path: '/plain/*', upstream: 'users', auth: 'jwt' },
    ],
  });
  tokens = await Promise.all(users.map((sub) => rig.gateway.token({ sub, tier: 'enterprise' })));
});
afterAll(() => rig[Symbol.asyncDispose]());
beforeEach(() => {
  rig.upstreams.users.requests.length = 0;
  rig.upstreams.users.always((socket, request) =>
    json(
      { for: request.header('x-user-id') },
      { headers: { 'cache-control': 'max-age=60', etag: '"screen"' } },
    )(socket, request),
  );
});

async function take(path: string, lanes: number): Promise<Record<string, number>> {
  const answers = await many(asked, lanes, async (index) => {
    const { json: body } = await rig.client.get(path, { token: tokens[index % 2]! });
    return body.for === users[index % 2] ? 'own' : 'foreign';
  });
  return tally(answers);
}

describe.each([1, 32])('%i at once', (lanes) => {
  it.each(['/own/screen', '/careless/screen', '/plain/screen'])(
    `shows 0 bodies of the other in ${asked} answers: %s`,
    async (path) => {
      expect(await take(`${path}?lanes=${lanes}`, lanes)).toEqual({ own: asked });
    },
  );

  it('though it is kept: one request per user', async () => {
    await take(`/own/kept?lanes=${lanes}`, lanes);
    expect(rig.upstreams.users.requests.length).toBe(2);
  });
});

it('does not take the validator of one for the screen of another', async () => {
  const [a, b] = tokens;
  const first = await rig.client.get('/own/etag', { token: a! });
  const headers = { 'if-none-match': String(first.headers['etag']) };
  expect((await rig.client.get('/own/etag', { token: a!, headers })).status).toBe(304);
  const other = await rig.client.get('/own/other', { token: b! });
  expect(other.json).toEqual({ for: 'usr_b' });
});
