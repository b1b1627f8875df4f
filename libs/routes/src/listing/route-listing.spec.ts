import { describe, expect, it } from '@jest/globals';
import { AdHocUpstreams } from '../ad-hoc-upstream.ts';
import { codeSource } from '../declaration/route-source.ts';
import { loadRoutes } from '../load-routes.ts';
import { routeListing } from './route-listing.ts';

const scene = {
  prefix: '/api',
  upstreams: new Set(['orders']),
  config: {},
  endpoints: [],
  bodyLimitBytes: 1,
  adHocUpstreams: new AdHocUpstreams(),
};

describe('routeListing', () => {
  it('prints the routes in the order they are asked', () => {
    const table = loadRoutes(
      [
        codeSource([
          { id: 'rest', path: '/*', upstream: 'orders', auth: 'public', stripPrefix: true },
          {
            id: 'order',
            path: '/orders/:id',
            methods: ['GET'],
            upstream: 'orders',
            auth: 'jwt',
            scopes: ['orders.read'],
            limits: [{ per: 'subject', rate: '10/s', burst: 20 }],
            timeoutMs: 500,
            retry: 'off',
            cache: { identity: 'perSubject', ttlSeconds: 5 },
          },
        ]),
      ],
      scene,
    );
    expect(routeListing(table).split('\n')).toEqual(
      [
        '#  HOST  PATH             METHODS  UPSTREAM                  AUTH             LIMITS              POLICIES                                       ROUTE',
        '1  *     /api/orders/:id  GET      orders                    jwt orders.read  subject:10/s+20     timeout:500ms retry:off cache:perSubject:5s    order',
        '2  *     /api/*           *        orders -> without prefix  public           tier                -                                              rest',
        '',
      ].map((line, index) => (index < 3 ? expect.stringMatching(compact(line)) : line)),
    );
  });

  it('says when there are none', () => {
    expect(routeListing(loadRoutes([], scene))).toBe('no routes are declared\n');
  });
});

/** Column widths are no promise. */
function compact(line: string): RegExp {
  const cells = line.split(/ {2,}/).map((cell) => cell.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${cells.join(' {2,}')}$`);
}
