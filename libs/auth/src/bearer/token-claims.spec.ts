import { GatewayError } from '@facet/errors';
import { describe, expect, it } from '@jest/globals';
import { checkClaims, principalOf } from './token-claims.ts';

const claims = { iss: 'i', aud: 'facet', exp: 1, sub: 'usr_1', scope: 'a b', tier: 'paid' };
const faultOf = (payload: unknown, typ: 'jwt' | 'at+jwt' = 'at+jwt'): string => {
  try {
    checkClaims(payload, typ);
    return 'none';
  } catch (error) {
    return error instanceof GatewayError ? error.message : 'thrown by accident';
  }
};

describe('checkClaims', () => {
  it.each([
    ['iss', undefined],
    ['aud', undefined],
    ['exp', undefined],
    ['exp', '9999999999'],
    ['exp', Number.POSITIVE_INFINITY],
    ['sub', undefined],
    ['sub', ''],
    ['sub', 7],
    ['sub', 'a\r\nX-User-Tier: enterprise'],
    ['sub', 'x'.repeat(256)],
  ])('needs a good %s: %p is none', (name, value) => {
    expect(faultOf({ ...claims, [name]: value })).toMatch(/claim/);
  });

  it.each([
    { nonce: 'n' },
    { at_hash: 'h' },
    { c_hash: 'h' },
    { s_hash: 'h' },
    { token_use: 'id' },
    { typ: 'ID' },
    { typ: 'Refresh' },
  ])('refuses an ID token: %p', (mark) => {
    expect(faultOf({ ...claims, ...mark }, 'jwt')).toMatch(/not an access token/);
  });

  it('refuses a plain JWT that nothing marks as an access token', () => {
    expect(faultOf({ iss: 'i', aud: 'facet', exp: 1, sub: 'usr_1' }, 'jwt')).toMatch(/not an access token/);
    expect(faultOf({ iss: 'i', aud: 'facet', exp: 1, sub: 'usr_1' }, 'at+jwt')).toBe('none');
  });

  it('takes a plain JWT with access claims', () => {
    expect(faultOf({ ...claims, token_use: 'access', typ: 'Bearer' }, 'jwt')).toBe('none');
  });

  it.each([null, 'text', undefined])('refuses the payload %p', (payload) => {
    expect(faultOf(payload)).toMatch(/malformed/);
  });
});

describe('principalOf', () => {
  it('reads subject, scopes, roles and session', () => {
    expect(principalOf({ ...claims, roles: ['admin'], sid: 's1' }, 'paid')).toEqual({
      kind: 'bearer',
      subject: 'usr_1',
      tier: 'paid',
      scopes: ['a', 'b'],
      roles: ['admin'],
      sessionId: 's1',
    });
  });

  it('grants nothing for what it cannot read', () => {
    const odd = { ...claims, scope: ['admin'], roles: 'admin', sid: { id: 1 } };
    expect(principalOf(odd, 'free')).toEqual({
      kind: 'bearer',
      subject: 'usr_1',
      tier: 'free',
      scopes: [],
      roles: [],
    });
    expect(principalOf({ ...claims, scope: ' a  "b" c\n', roles: ['x', 1, null] }, 'free')).toMatchObject({
      scopes: ['a'],
      roles: ['x'],
    });
  });
});
