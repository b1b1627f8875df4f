import { describe, expect, it } from '@jest/globals';
import { readRouteFile } from '../declaration/read-route-file.ts';
import { codeSource } from '../declaration/route-source.ts';
import { parsePattern, type PathPattern } from '../matching/path-pattern.ts';
import { checkRoutes } from './check-routes.ts';
import { type Surroundings } from './declared-route.ts';
import { faultLine, RouteFaults } from './fault.ts';

const surroundings: Surroundings = {
  prefix: '/api/web',
  upstreams: new Set(['orders', 'users']),
  config: { relayToken: 's3cret' },
  endpoints: [{ method: 'GET', pattern: parsePattern('/api/web/orders/:orderId') as PathPattern }],
};

const sound = { id: 'a', path: '/a', upstream: 'orders', auth: 'jwt' };

function faultsOf(...routes: object[]): string[] {
  const checked = checkRoutes([codeSource(routes)], surroundings);
  return 'faults' in checked ? checked.faults.map(faultLine) : [];
}

function faultsOfFile(text: string): string[] {
  const checked = checkRoutes([readRouteFile('/etc/facet/routes.yaml', text)], surroundings);
  return 'faults' in checked ? checked.faults.map(faultLine) : [];
}

describe('checkRoutes', () => {
  it('takes the example of the contract', () => {
    const faults = faultsOfFile(`
      prefix: /api
      routes:
        - id: hello
          path: /hello/:id
          methods: [GET]
          match: { host: api.shop.example, headers: { x-beta: '1' }, query: { v: '2' } }
          upstream: http://127.0.0.1:5000
          rewrite: /v2/hello/:id
          auth: public
          limits:
            - { per: client, rate: 1/s, burst: 1, algorithm: token-bucket }
          timeoutMs: 3000
          retry: { attempts: 2 }
          compression: off
          bodyLimitBytes: 1048576
          cors: { origins: [https://shop.example] }
          cache: { identity: public, ttlSeconds: 60 }
          request:
            headers: { remove: [x-a], rename: {b: c}, replace: {d: v}, set: {e: {value: v, mode: overwrite}}, block: [f] }
            query: { allow: [q] }
          response: { headers: { set: { my-service: { value: hello, mode: overwrite } } } }
        - { id: rest, path: '/*', upstream: orders, auth: any, scopes: [orders.read], limits: off, retry: off, cors: off, bodyLimitBytes: none }
    `);
    expect(faults).toEqual([]);
  });

  it('lists every fault at once, with file and line, in the order of the file', () => {
    const faults = faultsOfFile(
      [
        'prefix: /api', // 1
        'colour: red',
        'routes:',
        '  - id: hello', // 4
        '    path: /hello/:id/:id',
        '    upstream: nobody',
        '    timeout: 3',
        '    limits:',
        '      - { per: client,', // 9
        '          rate: 1 per second }',
        '  - id: hello', // 11
        '    path: /other',
        '    upstream: orders',
        '    auth: public',
        '    scopes: [a]', // 15
        '    request:',
        '      headers:',
        '        remove: [authorization]',
        '        replace:',
        '          Authorization: x', // 20
        '          x-cr: "a\\r\\nb"',
      ].join('\n'),
    );
    expect(faults.map((line) => line.split(' ')[0])).toEqual([
      'routes.yaml:2',
      'routes.yaml:4',
      'routes.yaml:5',
      'routes.yaml:6',
      'routes.yaml:7',
      'routes.yaml:10',
      'routes.yaml:11',
      'routes.yaml:15',
      'routes.yaml:20',
      'routes.yaml:21',
    ]);
    expect(faults[1]).toMatch(/^routes.yaml:4 route "hello": auth is missing: who may call: public, jwt/);
  });

  it('says where code is wrong by its place in the list', () => {
    expect(faultsOf(sound, { ...sound, id: 'b', path: '/b', upstream: 'nobody' })).toEqual([
      expect.stringMatching(
        /^routes\[1\]\.upstream route "b": upstream "nobody" is not known: declared are orders, users/,
      ),
    ]);
  });

  it.each<[string, object, RegExp]>([
    ['no auth', { auth: undefined }, /auth is missing/],
    ['an unknown auth', { auth: 'basic' }, /auth must be who may call: public, jwt, apiKey or any/],
    ['an unknown key', { cahce: {} }, /unknown key "cahce"; known here: .*cache/],
    [
      'an unknown nested key',
      { cache: { identity: 'public', ttl: 1 } },
      /unknown key "ttl"; known here: identity, ttlSeconds/,
    ],
    [
      'a cache without identity',
      { cache: { ttlSeconds: 60 } },
      /identity is missing: who may share an answer/,
    ],
    [
      'a bad rate',
      { limits: [{ per: 'client', rate: '0/s' }] },
      /limits\[0\]\.rate must be n\/s, n\/m or n\/h/,
    ],
    ['limits of another kind', { limits: 'none' }, /limits must be off, or a list/],
    ['a key limit nobody has', { limits: [{ per: 'key', rate: '1/s' }] }, /per: key counts API keys/],
    ['a method in lower case', { methods: ['get'] }, /methods\[0\] must be a method in upper case/],
    ['a method nobody can send', { methods: ['FOO'] }, /no server here can receive FOO/],
    ['TRACE', { methods: ['TRACE'] }, /TRACE is never forwarded/],
    ['a bad host', { match: { host: 'shop.example:80' } }, /match\.host must be a host name/],
    ['a header nobody has', { match: { headers: { 'x y': '1' } } }, /no request has a header "x y"/],
    ['a relative path', { path: 'a' }, /path must be a path from \//],
    ['a bad pattern', { path: '/a*' }, /a wildcard is the whole last segment/],
    ['an ambiguous pattern', { path: '/a/../b' }, /refused as ambiguous/],
    ['rewrite and stripPrefix', { rewrite: '/x', stripPrefix: true }, /keep one of them/],
    ['a rewrite with an unknown parameter', { rewrite: '/:id' }, /names :id, which path does not have/],
    [
      'an upstream of another scheme',
      { upstream: 'ftp://h' },
      /upstream must be an http:\/\/ or https:\/\/ URL/,
    ],
    ['an upstream with a password', { upstream: 'http://u:p4ss@h' }, /^(?!.*p4ss).*user or password/],
    ['a breaker of a declared upstream', { breaker: 'off' }, /is declared with it/],
    ['an upstream with a query', { upstream: 'http://h/?a' }, /query or fragment/],
    ['scopes of nobody', { auth: 'public', scopes: ['a'] }, /scopes need a credential/],
    ['a cache for POST', { methods: ['POST'], cache: { identity: 'public' } }, /only GET and HEAD/],
    ['any origin', { cors: { origins: ['*'] } }, /cors\.origins\[0\] must be an exact origin/],
    [
      'a hop-by-hop header',
      { request: { headers: { set: { Connection: 'x' } } } },
      /Connection: this header belongs to one connection/,
    ],
    [
      'a framing header',
      { response: { headers: { remove: ['content-length'] } } },
      /belongs to one connection/,
    ],
    [
      'an identity header',
      { request: { headers: { set: { 'X_User-ID': 'root' } } } },
      /made by the gateway alone/,
    ],
    [
      'a rename to an identity header',
      { request: { headers: { rename: { a: 'x-user-id' } } } },
      /x-user-id: this header is made by the gateway/,
    ],
    ['a bad header name', { request: { headers: { remove: ['a b'] } } }, /"a b" is no header name/],
    ['a line break in a value', { response: { headers: { set: { a: 'x\ny' } } } }, /line break/],
    [
      'Set-Cookie overwritten',
      { response: { headers: { set: { 'Set-Cookie': 'a=1' } } } },
      /would overwrite Set-Cookie/,
    ],
    [
      'Set-Cookie replaced',
      { response: { headers: { replace: { 'set-cookie': 'a=1' } } } },
      /would overwrite Set-Cookie/,
    ],
    [
      'Set-Cookie by rename',
      { response: { headers: { rename: { a: 'set-cookie' } } } },
      /would overwrite Set-Cookie/,
    ],
    [
      'remove and replace',
      { request: { headers: { remove: ['A'], replace: { a: 'x' } } } },
      /removes "a", so replace never finds it/,
    ],
    [
      'remove and rename',
      { request: { query: { remove: ['a'], rename: { a: 'b' } } } },
      /removes "a", so rename never/,
    ],
    [
      'set and block',
      { request: { headers: { set: { a: 'x' }, block: ['A'] } } },
      /writes "a" and blocks it/,
    ],
    [
      'set beside an allow list',
      { request: { headers: { set: { a: 'x' }, allow: ['b'] } } },
      /writes "a", which allow drops/,
    ],
    ['allow and block', { request: { query: { allow: ['a'], block: ['a'] } } }, /allows "a" and blocks it/],
    ['a rename to itself', { request: { headers: { rename: { a: 'A' } } } }, /renames "a" to itself/],
    [
      'a template of nothing',
      { request: { headers: { set: { a: '${env.HOME}' } } } },
      /templates know principal\., params\. and config\./,
    ],
    [
      'an unknown parameter',
      { request: { query: { set: { a: '${params.id}' } } } },
      /\$\{params\.id\} is not known: params has nothing here/,
    ],
    [
      'an unknown principal field',
      { response: { headers: { set: { a: '${principal.token}' } } } },
      /principal has kind, subject/,
    ],
    [
      'an unknown config value',
      { request: { headers: { set: { a: '${config.other}' } } } },
      /config has relayToken/,
    ],
    [
      'a list that is none',
      { request: { headers: { remove: 'a' } } },
      /request\.headers\.remove must be a list of names/,
    ],
    [
      'a mode of another kind',
      { request: { headers: { set: { a: { value: 'x', mode: 'add' } } } } },
      /mode must be overwrite/,
    ],
    ['a timeout in words', { timeoutMs: '3s' }, /timeoutMs must be milliseconds/],
    ['a retry in words', { retry: 'on' }, /retry must be off, or \{ attempts \}/],
  ])('refuses %s', (_, change, message) => {
    const { path = '/z', ...rest } = change as { path?: string };
    const route = JSON.parse(JSON.stringify({ ...sound, id: 'z', ...rest, path })) as object;
    expect(faultsOf(sound, route)).toEqual([expect.stringMatching(message)]);
  });

  it('keeps checking the rest of a route of which a part is refused', () => {
    const faults = faultsOf({ id: 'x', path: '/x/:id', upstream: 'nobody', limits: [3], rewrite: '/:no' });
    expect(faults).toEqual([
      expect.stringContaining('auth is missing'),
      expect.stringContaining('limits'),
      expect.stringContaining('rewrite'),
      expect.stringContaining('upstream "nobody"'),
    ]);
  });

  it('refuses the same id and the same requests twice, over all sources', () => {
    const file = readRouteFile(
      'r.json',
      JSON.stringify({ prefix: '/api/web', routes: [{ ...sound, path: '/a/' }] }),
    );
    const checked = checkRoutes([codeSource([sound]), file], surroundings);
    const lines = 'faults' in checked ? checked.faults.map(faultLine) : [];
    expect(lines).toEqual([
      expect.stringMatching(/^r\.json:1 route "a": the id is taken by routes\[0\]/),
      expect.stringMatching(/^r\.json:1 route "a": takes the same requests as route "a" \(routes\[0\]\)/),
    ]);
  });

  it('lets methods and conditions tell routes apart', () => {
    expect(
      faultsOf(
        sound,
        { ...sound, id: 'b', methods: ['GET'] },
        { ...sound, id: 'c', methods: ['POST'] },
        { ...sound, id: 'd', match: { headers: { x: '1' } } },
        { ...sound, id: 'e', match: { host: 'a.example' } },
      ),
    ).toEqual([]);
    expect(faultsOf({ ...sound, methods: ['GET'] }, { ...sound, id: 'b', methods: ['HEAD'] })).toHaveLength(
      1,
    );
  });

  it('refuses a route that nobody can reach', () => {
    expect(
      faultsOf(
        { ...sound, match: { headers: { x: ['1', '2'] } } },
        { ...sound, id: 'b', match: { headers: { X: '2' } } },
      ),
    ).toEqual([expect.stringMatching(/route "b": is never reached: route "a" \(routes\[0\]\) takes all/)]);
    expect(faultsOf({ ...sound, path: '/orders/:id', methods: ['GET'] })).toEqual([]);
    const endpoints = [
      { method: 'GET', pattern: parsePattern('/api/web/orders/:orderId') as PathPattern },
      { method: 'HEAD', pattern: parsePattern('/api/web/orders/:orderId') as PathPattern },
    ];
    const checked = checkRoutes([codeSource([{ ...sound, path: '/orders/:id', methods: ['GET'] }])], {
      ...surroundings,
      endpoints,
    });
    expect('faults' in checked && checked.faults.map(faultLine)).toEqual([
      expect.stringMatching(/never reached: an endpoint of this gateway \(GET, HEAD\)/),
    ]);
  });

  it('refuses sources of another shape', () => {
    expect(faultsOfFile('')).toEqual(['routes.yaml:1 it must be object']);
    expect(faultsOfFile('routes: 3')).toEqual(['routes.yaml:1 routes must be a list of routes']);
    expect(faultsOfFile('routes:\n  - 3')).toEqual(['routes.yaml:2 it must be object']);
    expect(faultsOfFile('prefix: api/\nroutes: []')).toEqual([
      expect.stringMatching(/^routes.yaml:1 prefix must be a path/),
    ]);
  });
});

describe('readRouteFile', () => {
  it.each(['routes: [', 'a: 1\na: 2', 'a: *b', '\t- x: {'])('refuses %j', (text) => {
    expect(() => readRouteFile('routes.yaml', text)).toThrow(RouteFaults);
  });

  it('reads JSON, anchors and merge keys', () => {
    expect(readRouteFile('r', '{"routes": []}').value).toEqual({ routes: [] });
    const merged = readRouteFile('r', 'a: &a { x: 1 }\nb: { <<: *a, y: 2 }').value;
    expect(merged).toEqual({ a: { x: 1 }, b: { x: 1, y: 2 } });
  });

  it('gives up on a file that grows without end', () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...'bcdefghi'.split('').map((name, index) => {
        const last = 'abcdefgh'[index];
        return `${name}: &${name} [${Array(9).fill(`*${last}`).join(', ')}]`;
      }),
    ].join('\n');
    expect(() => readRouteFile('r.yaml', bomb)).toThrow(RouteFaults);
  });
});
