import { type AccessPolicy, anonymous, type Principal } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { stageReply, stageRequest } from '@facet/testing/auth';
import { describe, expect, it } from '@jest/globals';
import { AccessStage } from './access.stage.ts';

const caller: Principal = {
  kind: 'bearer',
  subject: 'usr_1',
  tier: 'free',
  scopes: ['orders:read', 'profile:read'],
  roles: ['customer'],
};
const any: AccessPolicy = { accept: ['bearer', 'apiKey'], scopes: [], roles: [] };

function refusal(principal: Principal, access: AccessPolicy): GatewayError | undefined {
  try {
    new AccessStage().run(stageRequest([], { principal }), stageReply(), { access });
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(GatewayError);
    return error as GatewayError;
  }
}

describe('AccessStage', () => {
  it.each<[string, Principal, AccessPolicy]>([
    ['a caller of an accepted kind', caller, any],
    ['every scope', caller, { ...any, scopes: ['profile:read', 'orders:read'] }],
    ['one of the roles', caller, { ...any, roles: ['admin', 'customer'] }],
    ['anybody where it is public', anonymous, { ...any, accept: 'public' }],
    ['anybody where credentials are ignored', anonymous, { ...any, accept: 'ignore' }],
  ])('lets %s pass', (_, principal, access) => {
    expect(refusal(principal, access)).toBeUndefined();
  });

  it.each<[string, Principal, AccessPolicy]>([
    ['nobody', anonymous, any],
    ['another kind', caller, { ...any, accept: ['apiKey'] }],
    ['nobody, where a public rule names a scope', anonymous, { ...any, accept: 'public', scopes: ['a'] }],
    ['nobody, where an ignoring rule names a role', anonymous, { ...any, accept: 'ignore', roles: ['a'] }],
    ['anything where nothing is accepted', caller, { ...any, accept: [] }],
  ])('answers 401 to %s', (_, principal, access) => {
    expect(refusal(principal, access)).toMatchObject({ reason: 'unauthenticated', status: 401 });
  });

  it('names the accepted kinds', () => {
    const headers = (accept: AccessPolicy['accept']) =>
      refusal(anonymous, { ...any, accept })?.options.headers;
    expect(headers(['apiKey'])).toEqual({ 'WWW-Authenticate': 'ApiKey realm="facet"' });
    expect(headers(['bearer', 'apiKey'])).toEqual({
      'WWW-Authenticate': 'Bearer realm="facet", ApiKey realm="facet"',
    });
  });

  it('answers 403 when a scope is missing, and names all that are needed', () => {
    const scopes = ['orders:read', 'orders:write'];
    expect(refusal(caller, { ...any, scopes })).toMatchObject({
      reason: 'insufficient_scope',
      status: 403,
      options: {
        headers: {
          'WWW-Authenticate':
            'Bearer realm="facet", error="insufficient_scope", scope="orders:read orders:write"',
        },
      },
    });
    expect(refusal({ ...caller, kind: 'apiKey' }, { ...any, scopes })?.options.headers).toEqual({
      'WWW-Authenticate':
        'ApiKey realm="facet", error="insufficient_scope", scope="orders:read orders:write"',
    });
  });

  it.each(['orders', 'orders:rea', 'orders:read:x', 'ORDERS:READ', 'orders:*'])(
    'does not take %s for orders:read',
    (scope) => {
      const holder = { ...caller, scopes: [scope] };
      expect(refusal(holder, { ...any, scopes: ['orders:read'] })?.reason).toBe('insufficient_scope');
    },
  );

  it('answers 403 when no role fits', () => {
    expect(refusal(caller, { ...any, roles: ['admin'] })).toMatchObject({
      reason: 'insufficient_role',
      status: 403,
    });
  });
});
