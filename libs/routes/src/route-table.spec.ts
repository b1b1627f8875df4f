import { describe, expect, it } from '@jest/globals';
import { GatewayError } from '@facet/errors';
import { AdHocUpstreams } from './ad-hoc-upstream.ts';
import { codeSource } from './declaration/route-source.ts';
import { loadRoutes } from './load-routes.ts';

const scene = {
  prefix: '',
  upstreams: new Set(['a']),
  config: {},
  endpoints: [],
  bodyLimitBytes: 1,
  adHocUpstreams: new AdHocUpstreams(),
};
const table = loadRoutes(
  [
    codeSource([
      { id: 'rest', path: '/*', upstream: 'a', auth: 'public' },
      { id: 'admin', path: '/admin/*', upstream: 'a', auth: 'jwt' },
      { id: 'file', path: '/files/:name', upstream: 'a', auth: 'public' },
    ]),
  ],
  scene,
);
const find = (path: string) => table.find({ method: 'GET', host: '', path, query: '', headers: {} })?.id;

describe('RouteTable', () => {
  it.each([
    ['/admin', 'admin'],
    ['/admin/', 'admin'],
    ['/%61dmin/users', 'admin'],
    ['/x;x=1/a;b', 'rest'],
    ['/admin/a;b=1/c', 'admin'],
    ['/admin/a%2Fb', 'admin'],
    ['/x/a%2Fb', 'rest'],
    ['/x/100%25', 'rest'],
    ['/files/a', 'file'],
  ])('finds the route of %s', (path, id) => expect(find(path)).toBe(id));

  it.each([
    '/admin%2Fusers',
    '/x%2f..%2fadmin',
    '/x/%2e%2e/admin',
    '/%2561dmin/users',
    '/admin%252Fusers',
    '//admin',
    '/x/..;/admin',
    '/admin;x',
    '/admin;x/users',
    '/admin%3Bx/users',
    '/files/a%2Fb',
    '/\\admin',
  ])('refuses %s, which an upstream may take for another route', (path) => {
    expect(() => find(path)).toThrow(
      new GatewayError('malformed_request', { detail: 'The path is ambiguous' }),
    );
  });
});
