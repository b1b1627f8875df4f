import { createSecretKey } from 'node:crypto';
import { anonymous } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { ManagementRoutes } from '@facet/management';
import { FakeClock } from '@facet/testing';
import { stageRequest } from '@facet/testing/auth';
import { describe, expect, it, jest } from '@jest/globals';
import { type JwtStrategy } from '../bearer/jwt.strategy.ts';
import { type VerifiedToken } from '../bearer/token-cache.ts';
import { VerificationKey } from '../keys/verification-key.ts';
import { MemoryRevocationStore } from './memory-revocation.store.ts';
import { addRevocationRoutes } from './revocation-routes.ts';
import { Revocations } from './revocations.ts';
import { Sessions } from './sessions.ts';

const lifetimeMs = 900_000;

function setUp(verified: (clock: FakeClock) => Partial<VerifiedToken> | GatewayError = () => ({})) {
  const clock = new FakeClock();
  const store = new MemoryRevocationStore();
  const add = jest.spyOn(store, 'add');
  const revocations = new Revocations(store, clock);
  const token: VerifiedToken = {
    principal: { ...anonymous, kind: 'bearer', subject: 'usr_1', sessionId: 's1' },
    issuedAtMs: clock.now() - 300_000,
    expiresAtMs: clock.now() + lifetimeMs - 300_000,
    key: new VerificationKey('k', 'HS256', createSecretKey(Buffer.alloc(32)), 'secret'),
  };
  const more = verified(clock);
  const answer = more instanceof GatewayError ? more : { ...token, ...more };
  const strategy = { verify: () => Promise.resolve(answer) } as unknown as JwtStrategy;
  const isRevoked = () => revocations.refuses({ principal: token.principal, issuedAtMs: clock.now() });
  return {
    clock,
    revocations,
    sessions: new Sessions(strategy, revocations),
    isRevoked,
    /** What the store was told. */
    added: () => add.mock.calls.flatMap(([entries]) => entries),
    /** One that has not heard of anything. */
    anotherInstance: () => new Sessions(strategy, new Revocations(store, clock)),
  };
}
const withToken = stageRequest([['Authorization', 'Bearer a.b.c']]);

describe('Sessions', () => {
  it('ends the session of the token for as long as any token of it may live', async () => {
    const { clock, sessions, isRevoked } = setUp();
    await sessions.end(withToken);
    expect(isRevoked()).toBe(true);
    await clock.advance(lifetimeMs);
    expect(isRevoked()).toBe(true);
  });

  it('leaves one entry for one token, however often, wherever and whenever it is shown', async () => {
    const { clock, sessions, isRevoked, added, anotherInstance } = setUp();
    await Promise.all(Array.from({ length: 100 }, () => sessions.end(withToken)));
    await clock.advance(60_000);
    await sessions.end(withToken);
    await anotherInstance().end(withToken);
    expect(isRevoked()).toBe(true);
    expect(new Set(added().map((entry) => JSON.stringify(entry))).size).toBe(1);
    expect(added()).toHaveLength(2);
  });

  it.each([
    ['no token', stageRequest(), () => ({})],
    ['another scheme', stageRequest([['Authorization', 'Basic YQ==']]), () => ({})],
    ['a bad token', withToken, () => new GatewayError('invalid_token')],
    ['a token of no session', withToken, () => ({ principal: anonymous })],
  ])('changes nothing for %s', async (_, request, verified) => {
    const { sessions, revocations } = setUp(verified);
    await sessions.end(request);
    expect(revocations.size).toBe(0);
  });

  it('takes a token that does not say when it was issued to live for a day', async () => {
    const { clock, sessions, revocations, isRevoked } = setUp(() => ({ issuedAtMs: 0 }));
    await sessions.end(withToken);
    revocations.onModuleDestroy();
    await clock.advance(86_000_000);
    await revocations.refresh();
    expect(isRevoked()).toBe(true);
  });
});

describe('POST /revocations', () => {
  const post = async (body: unknown) => {
    const { revocations, clock } = setUp();
    const routes = new ManagementRoutes();
    addRevocationRoutes(routes, revocations);
    const [route] = routes.all();
    const request = { method: 'POST', params: {}, query: new URLSearchParams(), body };
    return { answer: await route!.handler(request), revocations, clock };
  };

  it('revokes, for as long as it is told', async () => {
    const { answer, revocations, clock } = await post({ kind: 'key', id: 'k1', ttlSeconds: 60 });
    expect(answer).toEqual({ status: 202, body: { kind: 'key', id: 'k1' } });
    const principal = { ...anonymous, keyId: 'k1' };
    expect(revocations.refuses({ principal, issuedAtMs: 0 })).toBe(true);
    await clock.advance(62_000);
    expect(revocations.size).toBe(0);
  });

  it.each([
    undefined,
    null,
    {},
    { kind: 'token', id: 'x' },
    { kind: 'key', id: '' },
    { kind: 'key', id: 'x', ttlSeconds: 0 },
    { kind: 'key', id: 'x', until: 1 },
  ])('refuses %j', async (body) => {
    const { answer, revocations } = await post(body);
    expect([answer.status, revocations.size]).toEqual([400, 0]);
  });
});
