import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { call } from '../../call.fixture.ts';
import { identities } from '../../data/identities.ts';
import { type DevStack, startDevStack } from '../../dev-stack.ts';
import { type Tokens } from '../../model.ts';

describe('auth', () => {
  let stack: DevStack<'auth'>;
  let url: string;
  beforeAll(async () => {
    stack = await startDevStack({ services: ['auth'] });
    url = stack.urls.auth;
  });
  afterAll(() => stack.stop());

  const post = (path: string, json: unknown) => call(`${url}${path}`, { method: 'POST', json });
  const login = async (username: string): Promise<Tokens> =>
    (await post('/login', { username, password: 'demo' })).body;
  const jwks = async (): Promise<JSONWebKeySet> => (await call(`${url}/.well-known/jwks.json`)).body;
  const verify = async (token: string) =>
    jwtVerify(token, createLocalJWKSet(await jwks()), { issuer: url, audience: 'facet', typ: 'at+jwt' });

  it.each(identities.map((identity) => [identity.username, identity] as const))(
    '%s logs in and gets a token that says who it is',
    async (username, { subject, tier, scopes, roles }) => {
      const { accessToken, refreshToken, expiresIn } = await login(username);
      const { payload, protectedHeader } = await verify(accessToken);
      expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
      expect(payload).toMatchObject({ sub: subject, tier, scope: scopes.join(' '), roles: [...roles] });
      expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(900);
      expect(payload.jti).toBeTruthy();
      expect(expiresIn).toBe(900);
      expect(refreshToken).toBeTruthy();
    },
  );

  it('lets only admin read the orders of others, and readonly no orders at all', () => {
    const scopesOf = (name: string) => identities.find(({ username }) => username === name)?.scopes;
    expect(
      identities.filter(({ scopes }) => scopes.includes('orders:read:any')).map((one) => one.username),
    ).toEqual(['admin']);
    expect(scopesOf('readonly')).toEqual(['profile:read']);
  });

  it.each([
    ['a wrong password', { username: 'free', password: 'Demo' }, 401],
    ['an unknown user', { username: 'nobody', password: 'demo' }, 401],
    ['no password', { username: 'free' }, 400],
    ['another type', { username: ['free'], password: 'demo' }, 400],
  ])('refuses %s', async (_, credentials, status) => {
    const answer = await post('/login', credentials);
    expect(answer.status).toBe(status);
    expect(answer.headers['www-authenticate'] !== undefined).toBe(status === 401);
    expect(answer.body.accessToken).toBeUndefined();
  });

  it('rotates refresh tokens; a used one is refused and ends its session', async () => {
    const first = await login('paid');
    const second = await post('/refresh', { refreshToken: first.refreshToken });
    expect(second.status).toBe(200);
    expect(second.body.refreshToken).not.toBe(first.refreshToken);
    const before = (await verify(first.accessToken)).payload;
    const after = (await verify(second.body.accessToken)).payload;
    expect([after.sub, after['sid']]).toEqual([before.sub, before['sid']]);
    expect((await post('/refresh', { refreshToken: first.refreshToken })).status).toBe(401);
    expect((await post('/refresh', { refreshToken: second.body.refreshToken })).status).toBe(401);
  });

  it('refuses invented refresh tokens', async () => {
    const { refreshToken } = await login('free');
    const [id] = refreshToken.split('.');
    for (const forged of ['x', '.', `${id}.AAAA`]) {
      expect((await post('/refresh', { refreshToken: forged })).status).toBe(401);
    }
    expect((await post('/refresh', {})).status).toBe(400);
  });

  it('ends a session at logout, quietly for one it does not know', async () => {
    const { refreshToken } = await login('free');
    expect((await post('/logout', { refreshToken })).status).toBe(204);
    expect((await post('/refresh', { refreshToken })).status).toBe(401);
    expect((await post('/logout', { refreshToken })).status).toBe(204);
  });

  it('ends all sessions of one subject and nobody else’s', async () => {
    const [one, two, other] = [await login('enterprise'), await login('enterprise'), await login('premium')];
    const revoked = await call(`${url}/sessions/usr_enterprise`, { method: 'DELETE' });
    expect(revoked.body.revoked).toBeGreaterThanOrEqual(2);
    for (const { refreshToken } of [one, two])
      expect((await post('/refresh', { refreshToken })).status).toBe(401);
    expect((await post('/refresh', { refreshToken: other.refreshToken })).status).toBe(200);
  });

  it('signs with a new key after a rotation and keeps the old one published', async () => {
    const old = await login('free');
    const { kid } = (await call(`${url}/__rotate`, { method: 'POST' })).body;
    const fresh = await login('free');
    expect(decodeProtectedHeader(fresh.accessToken).kid).toBe(kid);
    expect(decodeProtectedHeader(old.accessToken).kid).not.toBe(kid);
    await expect(verify(old.accessToken)).resolves.toBeTruthy();
    await expect(verify(fresh.accessToken)).resolves.toBeTruthy();
  });

  it('publishes public halves only, a bounded number of them, and keeps its keys over a restart', async () => {
    for (let count = 0; count < 10; count += 1) await call(`${url}/__rotate`, { method: 'POST' });
    const { keys } = await jwks();
    expect(keys).toHaveLength(8);
    for (const key of keys) expect(key).not.toHaveProperty('d');
    await stack.services.auth.stop();
    await stack.services.auth.start();
    expect((await jwks()).keys).toEqual(keys);
  });
});
