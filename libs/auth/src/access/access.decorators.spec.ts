import { describe, expect, it } from '@jest/globals';
import {
  AcceptCredentials,
  Authenticated,
  Public,
  RequireRoles,
  RequireScopes,
} from './access.decorators.ts';
import { accessPolicy, anyCredential } from './access-policy.ts';

function policyOf(type: new () => object, name: string) {
  return accessPolicy(type, (type.prototype as Record<string, object>)[name]!);
}

const closed = { accept: anyCredential, scopes: [], roles: [] };

describe('access decorators', () => {
  class Words {
    @Public()
    open() {
      return 'endpoint';
    }
    @Public({ credentials: 'ignore' })
    login() {
      return 'endpoint';
    }
    @Authenticated()
    own() {
      return 'endpoint';
    }
    @RequireScopes('orders:read', 'orders:write')
    scoped() {
      return 'endpoint';
    }
    @RequireRoles('admin', 'support')
    staff() {
      return 'endpoint';
    }
    @AcceptCredentials('apiKey')
    keyed() {
      return 'endpoint';
    }
    @AcceptCredentials('apiKey')
    @RequireScopes('payments:write')
    @RequireRoles('shop')
    all() {
      return 'endpoint';
    }
    nothing() {
      return 'endpoint';
    }
  }

  it.each([
    ['open', { accept: 'public', scopes: [], roles: [] }],
    ['login', { accept: 'ignore', scopes: [], roles: [] }],
    ['own', closed],
    ['scoped', { ...closed, scopes: ['orders:read', 'orders:write'] }],
    ['staff', { ...closed, roles: ['admin', 'support'] }],
    ['keyed', { ...closed, accept: ['apiKey'] }],
    ['all', { accept: ['apiKey'], scopes: ['payments:write'], roles: ['shop'] }],
    ['nothing', undefined],
  ])('make the rule of %s', (name, policy) => {
    expect(policyOf(Words, name)).toEqual(policy);
  });

  it('make one frozen rule, not one per request', () => {
    expect(policyOf(Words, 'scoped')).toBe(policyOf(Words, 'scoped'));
    expect(Object.isFrozen(policyOf(Words, 'scoped'))).toBe(true);
  });

  @RequireRoles('admin')
  @AcceptCredentials('bearer')
  class Admin {
    inherits() {
      return 'endpoint';
    }
    @RequireScopes('users:read')
    adds() {
      return 'endpoint';
    }
    @Authenticated()
    keeps() {
      return 'endpoint';
    }
    @RequireRoles('auditor')
    replaces() {
      return 'endpoint';
    }
    @AcceptCredentials('bearer', 'apiKey')
    widens() {
      return 'endpoint';
    }
    @Public()
    lifts() {
      return 'endpoint';
    }
  }
  const admin = { accept: ['bearer'], scopes: [], roles: ['admin'] };

  it.each([
    ['inherits', admin],
    ['adds', { ...admin, scopes: ['users:read'] }],
    ['keeps', admin],
    ['replaces', { ...admin, roles: ['auditor'] }],
    ['widens', { ...admin, accept: ['bearer', 'apiKey'] }],
    ['lifts', { accept: 'public', scopes: [], roles: [] }],
  ])('on a handler complete those of its class: %s', (name, policy) => {
    expect(policyOf(Admin, name)).toEqual(policy);
  });

  it('on a handler close what its class opens', () => {
    @Public()
    class Open {
      @RequireScopes('a')
      closed() {
        return 'endpoint';
      }
    }
    expect(policyOf(Open, 'closed')).toEqual({ ...closed, scopes: ['a'] });
  });

  it('tell two controllers apart that inherit one handler', () => {
    class Base {
      list() {
        return 'endpoint';
      }
    }
    @Public()
    class Open extends Base {}
    @RequireRoles('admin')
    class Closed extends Base {}
    expect(policyOf(Open, 'list')).toMatchObject({ accept: 'public' });
    expect(policyOf(Closed, 'list')).toMatchObject({ roles: ['admin'] });
    expect(policyOf(Base, 'list')).toBeUndefined();
  });

  it('on a class complete those of its parent', () => {
    @RequireScopes('users:read')
    class Narrower extends Admin {}
    expect(policyOf(Narrower, 'inherits')).toEqual({ ...admin, scopes: ['users:read'] });
  });

  it.each([
    ['open and closed', () => [Public(), RequireScopes('a')]],
    ['closed and open', () => [Authenticated(), Public()]],
    ['scopes twice', () => [RequireScopes('a'), RequireScopes('b')]],
    ['roles twice', () => [RequireRoles('a'), RequireRoles('b')]],
    ['kinds twice', () => [AcceptCredentials('apiKey'), AcceptCredentials('bearer')]],
  ])('refuse to contradict one another: %s', (_, decorators) => {
    const apply = (): void => {
      const [first, second] = decorators();
      class Confused {}
      first!(Confused);
      second!(Confused);
    };
    expect(apply).toThrow(/contradicts another access rule of Confused/);
  });

  it('refuse scopes that no token can hold', () => {
    expect(() => RequireScopes('orders:read orders:write')).toThrow(/RFC 6749/);
    expect(() => RequireScopes('')).toThrow(/RFC 6749/);
  });
});
