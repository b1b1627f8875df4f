import { anonymous, type Principal } from '@facet/context';
import { describe, expect, it } from '@jest/globals';
import { scopedIdempotencyKey } from './scoped-idempotency-key.ts';

const caller = (overrides: Partial<Principal> = {}): Principal => ({
  kind: 'bearer',
  subject: 'usr_1',
  tier: 'free',
  scopes: ['orders:write'],
  roles: [],
  ...overrides,
});

describe('scopedIdempotencyKey', () => {
  it('is the same for every retry of the same principal, on every instance', () => {
    const pinned = '2lLJIUSRF1njkhoBtSpMnAl_nWEXIkGmxuTV_S9T5ZA';
    expect(scopedIdempotencyKey('k1', caller())).toBe(pinned);
    const later = caller({ tier: 'paid', scopes: [], sessionId: 's2' });
    expect(scopedIdempotencyKey('k1', later)).toBe(pinned);
  });

  it.each([
    ['another subject', 'k1', { subject: 'usr_2' }],
    ['another kind', 'k1', { kind: 'apiKey' }],
    ['another key', 'k2', {}],
    ['a subject that runs into the key', '"]', { subject: 'usr_1","k1' }],
  ] as const)('differs for %s', (_, key, overrides) => {
    expect(scopedIdempotencyKey(key, caller(overrides))).not.toBe(scopedIdempotencyKey('k1', caller()));
  });

  it('stays quoted where the client quotes, as the draft writes it', () => {
    expect(scopedIdempotencyKey('"k1"', caller())).toMatch(/^"[\w-]{43}"$/);
    expect(scopedIdempotencyKey('k1', caller())).toMatch(/^[\w-]{43}$/);
  });

  it('is none without a key, and none for an anonymous caller: every stranger would share it', () => {
    expect(scopedIdempotencyKey('k1', anonymous)).toBeUndefined();
    expect(scopedIdempotencyKey(undefined, caller())).toBeUndefined();
  });
});
