import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hostMatches, hostName } from './host-pattern.ts';
import { compareRules, type MatchRule, ruleCovers, toMatchRules } from './match-rule.ts';
import { parsePattern, type PathPattern } from './path-pattern.ts';
import { headersHold, queryHolds } from './predicates.ts';
import { type MatchRequest, RuleTable } from './rule-table.ts';

type Declared = Parameters<typeof toMatchRules>[0] & { path: string };

function rulesOf({ path, ...declared }: Declared): MatchRule[] {
  return toMatchRules(declared, parsePattern(path) as PathPattern);
}

function tableOf(routes: Record<string, Declared>): RuleTable<string> {
  return new RuleTable(
    Object.entries(routes).flatMap(([value, declared]) => rulesOf(declared).map((rule) => ({ rule, value }))),
  );
}

function get(path: string, rest: Partial<MatchRequest> = {}): MatchRequest {
  return { method: 'GET', host: 'a.example', path, query: '', headers: {}, ...rest };
}

describe('RuleTable', () => {
  it('asks a literal before a parameter before a wildcard', () => {
    const table = tableOf({
      rest: { path: '/*' },
      orders: { path: '/orders' },
      order: { path: '/orders/:id' },
      mine: { path: '/orders/mine' },
      below: { path: '/orders/*' },
      items: { path: '/:any/items' },
    });
    expect(table.find(get('/'))).toBe('rest');
    expect(table.find(get('/orders'))).toBe('orders');
    expect(table.find(get('/orders/'))).toBe('orders');
    expect(table.find(get('/orders/mine'))).toBe('mine');
    expect(table.find(get('/orders/mine/'))).toBe('mine');
    expect(table.find(get('/orders/4'))).toBe('order');
    expect(table.find(get('/orders/4/x'))).toBe('below');
    expect(table.find(get('/orders/items'))).toBe('order');
    expect(table.find(get('/users/items'))).toBe('items');
    expect(table.find(get('/users/other'))).toBe('rest');
  });

  it('tells any number of literals in one place apart', () => {
    const names = Array.from({ length: 20 }, (_, index) => `r${index}`);
    const table = tableOf({
      ...Object.fromEntries(names.map((name) => [name, { path: `/v1/${name}/x` }])),
      other: { path: '/v1/:any/x' },
    });
    for (const name of names) expect(table.find(get(`/v1/${name}/x`))).toBe(name);
    for (const name of ['r', 'r20', 'r1/', 'x1']) expect(table.find(get(`/v1/${name}/x`))).not.toBe('r1');
    expect(table.find(get('/v1/r20/x'))).toBe('other');
  });

  it('lets a wildcard take its own root, unless an exact path does', () => {
    expect(tableOf({ all: { path: '/admin/*' } }).find(get('/admin'))).toBe('all');
    expect(tableOf({ all: { path: '/admin/*' }, root: { path: '/admin' } }).find(get('/admin'))).toBe('root');
    expect(tableOf({ all: { path: '/admin/*' } }).find(get('/administrator'))).toBeUndefined();
  });

  it('goes back to a less specific path when the more specific one leads nowhere', () => {
    const table = tableOf({ ab: { path: '/a/b/c' }, any: { path: '/:x/b/d' } });
    expect(table.find(get('/a/b/d'))).toBe('any');
  });

  it('asks an exact host first, then the longer wildcard, then any', () => {
    const table = tableOf({
      any: { path: '/x' },
      wide: { path: '/*', match: { host: '*.example' } },
      narrow: { path: '/*', match: { host: '*.shop.example' } },
      exact: { path: '/*', match: { host: ['A.shop.example', 'other.test'] } },
    });
    expect(table.find(get('/x', { host: 'a.shop.example' }))).toBe('exact');
    expect(table.find(get('/x', { host: 'b.shop.example' }))).toBe('narrow');
    expect(table.find(get('/x', { host: 'shop.example' }))).toBe('wide');
    expect(table.find(get('/x', { host: 'example' }))).toBe('any');
    expect(table.find(get('/x', { host: 'other.test' }))).toBe('exact');
    expect(table.find(get('/y', { host: 'nobody.test' }))).toBeUndefined();
  });

  it('asks named methods before all, and lets GET bring HEAD', () => {
    const table = tableOf({ all: { path: '/x' }, read: { path: '/x', methods: ['GET'] } });
    expect(table.find(get('/x'))).toBe('read');
    expect(table.find(get('/x', { method: 'HEAD' }))).toBe('read');
    expect(table.find(get('/x', { method: 'PURGE' }))).toBe('all');
  });

  it('tells the methods of the routes that fit but for the method', () => {
    const table = tableOf({
      read: { path: '/x', methods: ['GET'] },
      write: { path: '/:any', methods: ['PUT'] },
      other: { path: '/x', methods: ['DELETE'], match: { headers: { a: '1' } } },
    });
    expect(table.find(get('/x', { method: 'POST' }))).toBeUndefined();
    expect(table.allowedMethods(get('/x', { method: 'POST' }))).toEqual(['GET', 'HEAD', 'PUT']);
    expect(table.allowedMethods(get('/x/y'))).toEqual([]);
  });

  it('asks more header and query conditions before fewer', () => {
    const table = tableOf({
      plain: { path: '/x' },
      present: { path: '/x', match: { headers: { 'X-Beta': true } } },
      exact: { path: '/x', match: { headers: { 'x-beta': ['1', '2'] } } },
      query: { path: '/x', match: { query: { v: '2' } } },
      both: { path: '/x', match: { headers: { 'x-beta': '1' }, query: { v: '2' } } },
    });
    expect(table.find(get('/x'))).toBe('plain');
    expect(table.find(get('/x', { headers: { 'x-beta': '9' } }))).toBe('present');
    expect(table.find(get('/x', { headers: { 'x-beta': '2' } }))).toBe('exact');
    expect(table.find(get('/x', { query: 'v=2' }))).toBe('query');
    expect(table.find(get('/x', { query: 'a=1&%76=2', headers: { 'x-beta': '1' } }))).toBe('both');
  });

  it('meets no exact condition with a parameter that stands twice', () => {
    const table = tableOf({ plain: { path: '/x' }, query: { path: '/x', match: { query: { v: '2' } } } });
    expect(table.find(get('/x', { query: 'v=1&v=2' }))).toBe('plain');
    expect(table.find(get('/x', { query: 'v=2&v=2' }))).toBe('plain');
  });

  it('finds what a walk through the printed order finds', () => {
    const segment = fc.constantFrom('a', 'b', ':p', ':q');
    const declared: fc.Arbitrary<Declared> = fc.record(
      {
        path: fc
          .tuple(fc.array(segment, { maxLength: 3 }), fc.boolean())
          .map(([parts, wild]) => `/${[...new Set([...parts, ...(wild ? ['*'] : [])])].join('/')}`),
        methods: fc.uniqueArray(fc.constantFrom('GET', 'POST'), { minLength: 1 }),
        match: fc.record(
          {
            host: fc.constantFrom('a.example', '*.example', 'b.test'),
            headers: fc.constantFrom({ x: '1' }, { x: true as const }, { x: '1', y: '2' }),
          },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: ['path'] },
    );
    const request = fc.record({
      method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT'),
      host: fc.constantFrom('a.example', 'c.example', 'b.test', 'd.test'),
      path: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 4 }).map((parts) => `/${parts.join('/')}`),
      query: fc.constant(''),
      headers: fc.constantFrom({}, { x: '1' }, { x: '2' }, { x: '1', y: '2' }),
    });
    fc.assert(
      fc.property(fc.array(declared, { maxLength: 12 }), request, (routes, asked) => {
        const table = new RuleTable(
          routes.flatMap((route, value) => rulesOf(route).map((rule) => ({ rule, value }))),
        );
        expect(table.find(asked)).toBe(table.entries.find(({ rule }) => fits(rule, asked))?.value);
      }),
      { numRuns: 2_000 },
    );
  });
});

function fits(rule: MatchRule, request: MatchRequest): boolean {
  const { segments, wildcard } = rule.pattern;
  const parts = request.path.split('/').filter((part) => part !== '');
  return (
    hostMatches(rule.host, request.host) &&
    (wildcard ? parts.length >= segments.length : parts.length === segments.length) &&
    segments.every((segment, index) => segment.kind === 'param' || segment.text === parts[index]) &&
    rule.methods?.has(request.method) !== false &&
    headersHold(rule.headers, request.headers) &&
    queryHolds(rule.query, request.query)
  );
}

describe('ruleCovers', () => {
  const covers = (wide: Declared, narrow: Declared) => ruleCovers(rulesOf(wide)[0]!, rulesOf(narrow)[0]!);

  it('is true only when nothing is left for the narrow one', () => {
    expect(covers({ path: '/a/*' }, { path: '/a/:b' })).toBe(true);
    expect(covers({ path: '/a/:b' }, { path: '/a/*' })).toBe(false);
    expect(covers({ path: '/:a' }, { path: '/a' })).toBe(true);
    expect(covers({ path: '/a' }, { path: '/:a' })).toBe(false);
    expect(covers({ path: '/a', methods: ['GET'] }, { path: '/a' })).toBe(false);
    expect(covers({ path: '/a', methods: ['GET', 'POST'] }, { path: '/a', methods: ['HEAD'] })).toBe(true);
    expect(
      covers({ path: '/a', match: { host: '*.b.test' } }, { path: '/a', match: { host: 'a.b.test' } }),
    ).toBe(true);
    expect(covers({ path: '/a', match: { host: 'a.b.test' } }, { path: '/a' })).toBe(false);
    expect(
      covers({ path: '/a', match: { query: { v: true } } }, { path: '/a', match: { query: { v: '1' } } }),
    ).toBe(true);
    expect(
      covers({ path: '/a', match: { query: { v: '1' } } }, { path: '/a', match: { query: { v: true } } }),
    ).toBe(false);
  });

  it('goes with the order: what is asked later never covers what is asked before, unless both take the same', () => {
    const a = rulesOf({ path: '/a' })[0]!;
    const b = rulesOf({ path: '/:x' })[0]!;
    expect(compareRules(a, b)).toBeLessThan(0);
    expect(compareRules(b, a)).toBeGreaterThan(0);
  });
});

describe('hostName', () => {
  it.each([
    ['Shop.Example:8080', 'shop.example'],
    ['shop.example', 'shop.example'],
    ['[::1]:80', '[::1]'],
    ['[::1]', '[::1]'],
    [undefined, ''],
  ])('reads %s as %s', (field, name) => expect(hostName(field)).toBe(name));
});
