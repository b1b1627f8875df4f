import { hash } from 'node:crypto';
import { type ApiKeyEntry } from '@facet/config';
import { GatewayError } from '@facet/errors';
import { FakeClock } from '@facet/testing';
import { describeAuthenticator, stageRequest } from '@facet/testing/auth';
import { describe, expect, it } from '@jest/globals';
import { MemoryRevocationStore } from '../revocation/memory-revocation.store.ts';
import { Revocations } from '../revocation/revocations.ts';
import { notMine } from '../authenticator.ts';
import { ApiKeyAuthenticator } from './api-key.authenticator.ts';
import { ApiKeys } from './api-keys.ts';
import { FailureLimit } from './failure-limit.ts';

const key = 'fk_live_paid_0123456789abcdef';
const entry: ApiKeyEntry = {
  id: 'paid-1',
  sha256: hash('sha256', key),
  subject: 'shop',
  tier: 'paid',
  scopes: ['payments:write'],
};

function setUp(overrides: Partial<ApiKeyEntry> = {}) {
  const clock = new FakeClock();
  const keys = new ApiKeys({ entries: [{ ...entry, ...overrides }] }, clock, undefined);
  const revocations = new Revocations(new MemoryRevocationStore(), clock);
  const authenticator = new ApiKeyAuthenticator(keys, new FailureLimit(clock), revocations, clock);
  const ask = (presented: string, clientAddress = '192.0.2.1') =>
    authenticator.authenticate(stageRequest([['X-API-Key', presented]], { clientAddress, clock }));
  const reasonOf = (presented: string, clientAddress?: string): string => {
    const verdict = ask(presented, clientAddress);
    return verdict instanceof GatewayError ? verdict.reason : 'accepted';
  };
  return { clock, revocations, authenticator, ask, reasonOf };
}

describeAuthenticator('ApiKeyAuthenticator', () => ({
  authenticator: setUp().authenticator,
  notMine,
  good: [['X-API-Key', key]],
  bad: [
    [['X-API-Key', `${key.slice(0, -1)}0`]],
    [['X-API-Key', 'fk_live_paid_canary-canary']],
    [['X-API-Key', '']],
  ],
  foreign: [['Authorization', `Bearer ${key}`]],
}));

describe('ApiKeyAuthenticator', () => {
  it('refuses a revoked key, whatever else of its subject is revoked', async () => {
    const { revocations, reasonOf } = setUp();
    await revocations.revoke('subject', 'shop');
    await revocations.revoke('key', 'paid-2');
    expect(reasonOf(key)).toBe('accepted');
    await revocations.revoke('key', 'paid-1');
    expect(reasonOf(key)).toBe('invalid_api_key');
  });

  it('says whose key it is', () => {
    expect(setUp().ask(key)).toEqual({
      kind: 'apiKey',
      subject: 'shop',
      tier: 'paid',
      scopes: ['payments:write'],
      roles: [],
      keyId: 'paid-1',
    });
  });

  it.each([
    ['one character off', `${key.slice(0, -1)}e`],
    ['with the right prefix only', 'fk_live_paid_0000000000000000'],
    ['too short', key.slice(0, 15)],
    ['too long', key.padEnd(257, '0')],
    ['with a blank', `${key} `],
    ['two in one field', `${key}, ${key}`],
    ['in another case', key.toUpperCase()],
    ['that is the hash of one', entry.sha256],
  ])('refuses a key %s', (_, presented) => {
    expect(setUp().reasonOf(presented)).toBe('invalid_api_key');
  });

  it('refuses an expired key, from the very millisecond', async () => {
    const { clock, reasonOf } = setUp({ expiry: '2026-01-01T00:00:10Z' });
    await clock.advance(9_999);
    expect(reasonOf(key)).toBe('accepted');
    await clock.advance(1);
    expect(reasonOf(key)).toBe('invalid_api_key');
  });

  it('refuses every key of an address after 20 bad ones in a minute', async () => {
    const { clock, reasonOf, ask } = setUp();
    for (let i = 0; i < 20; i++) expect(reasonOf(`fk_live_paid_bad-${i}`)).toBe('invalid_api_key');
    const verdict = ask(key) as GatewayError;
    expect([verdict.reason, verdict.status, verdict.options.retryAfterMs]).toEqual([
      'rate_limited',
      429,
      3_000,
    ]);
    expect(reasonOf(key, '192.0.2.2')).toBe('accepted');
    await clock.advance(3_000);
    expect(reasonOf(key)).toBe('accepted');
  });

  it('names the limit for the log', () => {
    const { authenticator, reasonOf } = setUp();
    for (let i = 0; i < 20; i++) reasonOf('bad');
    const request = stageRequest([['X-API-Key', key]]);
    authenticator.authenticate(request);
    expect(request.facet.decisions.limit).toBe('api-key-failures');
  });

  it('never limits good keys', () => {
    const { reasonOf } = setUp();
    for (let i = 0; i < 100; i++) expect(reasonOf(key)).toBe('accepted');
  });
});
