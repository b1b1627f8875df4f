import { anonymous } from '@facet/context';
import { describe, expect, it } from '@jest/globals';
import { AdHocUpstreams } from '../ad-hoc-upstream.ts';
import { type RouteDeclaration } from '../declaration/route.schema.ts';
import { codeSource } from '../declaration/route-source.ts';
import { loadRoutes } from '../load-routes.ts';
import { type Route } from '../route.ts';
import { type Field } from '../transforms/field-rules.ts';
import { outgoingFields, varyFields } from './outgoing-fields.ts';

function routeOf(policy: Partial<RouteDeclaration>): Route {
  const declared = { id: 'a', path: '/a', upstream: 'orders', auth: 'public', ...policy };
  const table = loadRoutes([codeSource([declared])], {
    prefix: '',
    upstreams: new Set(['orders']),
    config: {},
    endpoints: [],
    bodyLimitBytes: 1,
    adHocUpstreams: new AdHocUpstreams(),
  });
  return table.routes[0] as Route;
}

const values = () => ({ principal: anonymous, param: () => '' });
const fields = (...names: string[]): Field[] => names.map((name) => [name, `client ${name}`]);
const outgoing = (policy: Partial<RouteDeclaration>, given: Field[]) =>
  outgoingFields(routeOf(policy), given, values);

describe('outgoingFields', () => {
  it('leaves all to the upstream’s own hygiene where there are no rules', () => {
    const given = fields('Host', 'Cookie', 'X-A');
    expect(outgoing({}, given)).toEqual({ headers: given, ownHeaders: [] });
  });

  it('tells what rules wrote from what the client sent', () => {
    const rules = { set: { authorization: 'Bearer own', 'x-new': '1' }, remove: ['x-gone'] };
    expect(
      outgoing({ request: { headers: rules } }, fields('Host', 'Authorization', 'X-Gone', 'X-A')),
    ).toEqual({
      headers: fields('Host', 'X-A'),
      ownHeaders: [
        ['authorization', 'Bearer own'],
        ['x-new', '1'],
      ],
    });
  });

  it('shows rules nothing that ends at this hop or claims an identity', () => {
    const rules = { rename: { 'x-named': 'x-kept', 'x-a': 'x-b' } };
    const given: Field[] = [['Connection', 'X-Named'], ...fields('X-Named', 'TE', 'X-User_ID', 'X-A')];
    expect(outgoing({ request: { headers: rules } }, given)).toEqual({
      headers: [],
      ownHeaders: [['x-b', 'client X-A']],
    });
  });

  it('keeps the client’s fields beside one that is appended, but never its credentials', () => {
    const rules = {
      set: {
        'x-a': { value: 'own', mode: 'append' as const },
        cookie: { value: 'own=1', mode: 'append' as const },
      },
    };
    const { ownHeaders } = outgoing({ request: { headers: rules } }, fields('X-A', 'Cookie'));
    expect(ownHeaders).toEqual([
      ['X-A', 'client X-A'],
      ['x-a', 'own'],
      ['cookie', 'own=1'],
    ]);
  });

  it('passes on the credentials a route names, and no other', () => {
    expect(outgoing({ forwardCredentials: ['cookie'] }, fields('Authorization', 'Cookie'))).toEqual({
      headers: fields('Authorization'),
      ownHeaders: fields('Cookie'),
    });
  });
});

describe('varyFields', () => {
  it('are what the upstream sees: no credentials it does not get, no claims, our identity', () => {
    const principal = { ...anonymous, kind: 'bearer', subject: 'ann', tier: 'paid' } as const;
    const outgoingOnes = {
      headers: fields('Accept', 'Cookie', 'Authorization', 'X-Forwarded-For', 'X-User-Tier', 'X-A'),
      ownHeaders: [['x-a', 'own']] as Field[],
    };
    expect(varyFields(outgoingOnes, principal, ['cookie'])).toEqual([
      ...fields('Accept', 'Cookie'),
      ['x-a', 'own'],
      ['x-user-id', 'ann'],
      ['x-user-tier', 'paid'],
      ['x-user-scopes', ''],
    ]);
  });
});
