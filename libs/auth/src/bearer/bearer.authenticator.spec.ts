import { type JwtConfig } from '@facet/config';
import { GatewayError } from '@facet/errors';
import { FakeClock } from '@facet/testing';
import {
  describeAuthenticator,
  rawToken,
  ScriptedJwks,
  stageRequest,
  TestIssuer,
  testKey,
} from '@facet/testing/auth';
import { describe, expect, it, jest } from '@jest/globals';
import { JwksKeySet } from '../keys/jwks-key-set.ts';
import { MemoryRevocationStore } from '../revocation/memory-revocation.store.ts';
import { Revocations } from '../revocation/revocations.ts';
import { ClaimTierResolver } from '../tier-resolver.ts';
import { notMine } from '../authenticator.ts';
import { BearerAuthenticator } from './bearer.authenticator.ts';
import { JwtStrategy } from './jwt.strategy.ts';
import { TokenCache } from './token-cache.ts';

function setUp() {
  const clock = new FakeClock();
  const issuer = new TestIssuer(clock);
  const jwks = new ScriptedJwks(() => issuer.jwks());
  const keys = new JwksKeySet(jwks, ['ES256'], clock, undefined);
  const config: JwtConfig = {
    issuer: issuer.issuer,
    audience: issuer.audience,
    algorithms: ['ES256'],
    keys: { jwksUrl: 'unused' },
    leewaySeconds: 5,
  };
  const revocations = new Revocations(new MemoryRevocationStore(), clock);
  const strategy = new JwtStrategy(config, keys, new ClaimTierResolver(), revocations, clock);
  const verify = jest.spyOn(strategy, 'verify');
  const cache = new TokenCache(clock);
  const authenticator = new BearerAuthenticator(strategy, cache, revocations);
  const connection = {};
  /** On one connection, unless another is meant. */
  const ask = (token: string, socket: object = connection) =>
    authenticator.authenticate(stageRequest([['Authorization', `Bearer ${token}`]], { socket }));
  return { clock, issuer, jwks, keys, verify, cache, revocations, authenticator, ask };
}

describeAuthenticator('BearerAuthenticator', async () => {
  const { authenticator, issuer } = setUp();
  const field = (token: string) => [['Authorization', `Bearer ${token}`]] as const;
  return {
    authenticator,
    notMine,
    good: field(await issuer.token()),
    bad: [
      field(await issuer.token({ exp: 1 })),
      field(await issuer.token({ aud: 'other' })),
      field(await issuer.token({}, {}, testKey('ES256'))),
      field(rawToken({ alg: 'none' }, issuer.claims())),
      field('canary-token'),
      [['Authorization', 'Bearer']],
    ],
    foreign: [['Authorization', 'Basic dXNlcjpwYXNzd29yZA==']],
  };
});

describe('BearerAuthenticator', () => {
  it('answers a known token at once and without a promise', async () => {
    const { ask, issuer, verify } = setUp();
    const token = await issuer.token();
    const principal = await ask(token);
    expect(ask(token)).toBe(principal);
    expect(verify).toHaveBeenCalledTimes(1);
  });

  it('takes every request for what it shows, whoever else comes over the same connection', async () => {
    const { ask, issuer, cache } = setUp();
    const [one, another] = [await issuer.token(), await issuer.token({ sub: 'usr_2' })];
    const [first, second] = [await ask(one), await ask(another)];
    expect([first, second]).toMatchObject([{ subject: 'usr_1' }, { subject: 'usr_2' }]);
    for (let round = 0; round < 3; round++) {
      expect([ask(one), ask(one), ask(another), ask(another, {}), ask(one)]).toEqual([
        first,
        first,
        second,
        second,
        first,
      ]);
    }
    expect([cache.hits, cache.misses]).toEqual([15, 2]);
    expect(await ask(`${one}x`)).toBeInstanceOf(GatewayError);
    expect(ask(one)).toBe(first);
  });

  it('verifies a token once for all who bring it at that moment', async () => {
    const { ask, issuer, jwks, verify } = setUp();
    const token = await issuer.token();
    jwks.hold();
    const asked = Array.from({ length: 50 }, () => ask(token));
    jwks.release();
    const [first, ...others] = await Promise.all(asked);
    expect(first).toMatchObject({ subject: 'usr_1' });
    expect(new Set(others)).toEqual(new Set([first]));
    expect(verify).toHaveBeenCalledTimes(1);
    expect(jwks.fetches).toBe(1);
  });

  it('keeps no refusal', async () => {
    const { ask, issuer, verify, cache } = setUp();
    const token = await issuer.token({ aud: 'other' });
    for (let i = 0; i < 3; i++) expect(await ask(token)).toBeInstanceOf(GatewayError);
    expect(verify).toHaveBeenCalledTimes(3);
    expect(cache.size).toBe(0);
  });

  it('does not answer past exp, though the leeway would verify it', async () => {
    const { ask, issuer, clock, verify } = setUp();
    const token = await issuer.token();
    await ask(token);
    await clock.advance(900_000);
    expect(await ask(token)).toMatchObject({ subject: 'usr_1' });
    expect(verify).toHaveBeenCalledTimes(2);
    await clock.advance(5_000);
    expect(await ask(token)).toBeInstanceOf(GatewayError);
  });

  it('drops a known token when its key leaves the set', async () => {
    const { ask, issuer, keys } = setUp();
    const token = await issuer.token();
    const stolen = issuer.key.kid;
    await ask(token);
    issuer.rotate();
    await keys.refresh();
    expect(await ask(token)).toMatchObject({ subject: 'usr_1' });
    issuer.withdraw(stolen);
    await keys.refresh();
    expect(await ask(token)).toBeInstanceOf(GatewayError);
  });

  it.each([
    ['session', 'ses_1'],
    ['subject', 'usr_1'],
  ] as const)('refuses a known token whose %s is revoked, and a new one of it', async (kind, id) => {
    const { ask, issuer, revocations } = setUp();
    const [known, fresh] = [
      await issuer.token({ sid: 'ses_1' }),
      await issuer.token({ sid: 'ses_1', jti: 2 }),
    ];
    await ask(known);
    await revocations.revoke(kind, id);
    for (const token of [known, fresh]) {
      expect(await ask(token)).toMatchObject({
        reason: 'invalid_token',
        options: { detail: 'The access token was revoked' },
      });
    }
    expect(await ask(await issuer.token({ sub: 'usr_2', sid: 'ses_2' }))).toMatchObject({ subject: 'usr_2' });
  });

  it('lets a revoked subject in again with a token that was issued later', async () => {
    const { ask, issuer, revocations, clock } = setUp();
    await revocations.revoke('subject', 'usr_1');
    await clock.advance(1000);
    expect(await ask(await issuer.token())).toMatchObject({ subject: 'usr_1' });
  });

  it('is not fooled by a known token with another signature', async () => {
    const { ask, issuer } = setUp();
    const token = await issuer.token();
    await ask(token);
    expect(await ask(`${token.slice(0, -6)}AAAAAA`)).toBeInstanceOf(GatewayError);
  });
});
