import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { HttpClient } from '@facet/testing/gateway';
import { identities } from '@facet/tools-upstreams';
import { SignJWT, generateKeyPair } from 'jose';
import { type Family, startFamily } from '../support/family.ts';
import { endFamily, manage, metric } from '../support/quiet-end.ts';
import { until } from '../support/until.ts';

/** auth-service is away: whom the gateway knows it goes on serving, whom it doesn't it asks to come back. */
let family: Family;
/** Two tokens each: one was used before the outage, the other comes during it. */
const known = new Map<string, string>();
const fresh = new Map<string, string>();

beforeAll(async () => {
  family = await startFamily(['mobile']);
  // Straight from the service: logging in through the gateway is limited.
  const issuer = new HttpClient(family.stack.urls.auth);
  const token = async (username: string): Promise<string> =>
    (await issuer.post('/login', { username, password: 'demo' })).json.accessToken;
  for (const { username } of identities) {
    known.set(username, await token(username));
    fresh.set(username, await token(username));
    await family.mobile.client.get('/api/mobile/user', { token: known.get(username)! });
  }
  await issuer.close();
  await family.stack.services.auth.stop();
});
afterAll(() => endFamily(family, family.mobile));

const readiness = async () => {
  const answer = await manage(family.mobile.gateway, '/health/ready');
  return { status: answer.status, body: (await answer.json()) as { checks: Record<string, unknown> } };
};

it.each(identities.map(({ username }) => username))(
  'refuses nothing to %s, who is known',
  async (username) => {
    for (const token of [known.get(username)!, fresh.get(username)!])
      expect((await family.mobile.client.get('/api/mobile/user', { token })).status).toBe(200);
  },
);

it('goes on taking API keys', async () => {
  const answer = await family.mobile.client.post(
    '/api/mobile/payments/charge',
    { amount: 1_999, currency: 'EUR' },
    { apiKey: 'fk_dev_premium_0000000000000003' },
  );
  expect(answer.status).toBe(201);
});

it.each([
  ['login', { username: 'free', password: 'demo' }],
  ['refresh', { refreshToken: 'whatever' }],
])('answers %s with 503, Retry-After and a sentence for the user', async (action, body) => {
  const answer = await family.mobile.client.post(`/api/mobile/auth/${action}`, body);
  expect(answer).toMatchObject({
    status: 503,
    json: { reason: 'upstream_unavailable', userMessage: 'Sign-in temporarily unavailable, try again' },
  });
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
});

it('shows operators the mode as soon as a login has failed', async () => {
  await until(
    async () => (await metric(family.mobile.gateway, 'gateway_auth_mode', { mode: 'stale-keys' })) === 1,
  );
  expect((await readiness()).body.checks['auth']).toMatchObject({
    state: 'degraded',
    details: { mode: 'stale-keys' },
  });
});

it('says of a token by a key nobody knows that it cannot tell now, and stays ready', async () => {
  const { privateKey } = await generateKeyPair('ES256');
  const token = await new SignJWT({ tier: 'free', scope: 'profile:read', roles: [] })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'rotated' })
    .setIssuer(family.stack.urls.auth)
    .setAudience('facet')
    .setSubject('usr_free')
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(privateKey);
  const answer = await family.mobile.client.get('/api/mobile/user', { token });
  expect(answer.status).toBe(503);
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);

  expect((await readiness()).status).toBe(200);
  expect((await family.mobile.client.get('/api/mobile/user', { token: known.get('free')! })).status).toBe(
    200,
  );
});

it('lets people log in again once the service is back', async () => {
  await family.stack.services.auth.start();
  await manage(family.mobile.gateway, '/breakers/auth/reset', { method: 'POST' });
  expect(await family.mobile.client.login('/api/mobile', 'free')).toEqual(expect.any(String));
});
