import { describe, expect, it } from '@jest/globals';
import { KnownTiers, type Principal } from '@facet/context';
import { FakeClock } from '@facet/testing';
import { hash } from 'node:crypto';
import { type ApiKeys } from './api-key/api-keys.ts';
import { ApiKeyRing } from './api-key/api-key-ring.ts';
import { TokenCache } from './bearer/token-cache.ts';
import { type VerificationKey } from './keys/verification-key.ts';
import { addKnownTiers } from './known-tiers.ts';

const clock = new FakeClock();
const principal: Principal = { kind: 'bearer', subject: 'u', tier: 'paid', scopes: [], roles: [] };
const key = 'fk_test_premium_0000000000000003';

describe('known tiers', () => {
  const tokens = new TokenCache(clock);
  tokens.set('seen', {
    principal,
    issuedAtMs: clock.now(),
    expiresAtMs: clock.now() + 60_000,
    key: { retired: false } as VerificationKey,
  });
  const ring = new ApiKeyRing([
    { id: 'k', sha256: hash('sha256', key, 'hex'), subject: 's', tier: 'premium', scopes: [] },
  ]);
  const known = new KnownTiers();
  addKnownTiers(known, tokens, { ring } as ApiKeys);

  it.each([
    [{ authorization: 'Bearer seen' }, 'paid'],
    [{ authorization: 'Bearer new' }, undefined],
    [{ authorization: 'Basic seen' }, undefined],
    [{ 'x-api-key': key }, 'premium'],
    [{ 'x-api-key': 'fk_test_premium_0000000000000004' }, undefined],
    [{}, undefined],
  ])('%j: %s', (headers, tier) => {
    expect(known.of(headers)).toBe(tier);
  });

  it('looks without counting', () => {
    expect([tokens.hits, tokens.misses]).toEqual([0, 0]);
  });
});
