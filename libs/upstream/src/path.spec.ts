import { describe, expect, it } from '@jest/globals';
import { GatewayError } from '@facet/errors';
import { assertOriginForm, assertPlainPath, path, queryString } from './path.ts';

describe('the path tag', () => {
  it.each([
    ['plain', '/orders/plain'],
    ['a/b', '/orders/a%2Fb'],
    ['%2f', '/orders/%252f'],
    ['../admin', '/orders/..%2Fadmin'],
    ['é\u0000\r\n?#&', '/orders/%C3%A9%00%0D%0A%3F%23%26'],
    [7, '/orders/7'],
  ])('makes one encoded segment of %j', (value, built) => {
    expect(path`/orders/${value}`).toBe(built);
    expect(() => assertPlainPath(built)).not.toThrow();
  });

  it.each(['', '.', '..', '\ud800'])('refuses %j as a segment', (value) => {
    expect(() => path`/orders/${value}/items`).toThrow(GatewayError);
  });

  it('puts several values in their places', () => {
    expect(path`/a/${1}/b/${2}`).toBe('/a/1/b/2');
  });
});

describe('assertOriginForm', () => {
  it.each(['/', '/a', '/a//b', '/a/../b', '/a%2e', '/?', '/a?b=/..//c', '/@x', '/a;b=c,d'])(
    'takes %j',
    (good) => {
      expect(() => assertOriginForm(good)).not.toThrow();
    },
  );

  it.each([
    '',
    'a',
    '*',
    '//a',
    '/\\a',
    '/a\\b',
    '/a b',
    '/a#b',
    '/a\u0000',
    '/a\r\nb',
    '/é',
    'http://a/',
    '@a',
  ])('refuses %j', (bad) => {
    expect(() => assertOriginForm(bad)).toThrow(GatewayError);
  });
});

describe('assertPlainPath', () => {
  it.each(['/..', '/.', '/a/..', '/a/../b', '/./a', '/a/..?q', '/.a/...b/.', '/a?b=/../'])(
    'refuses the dot segment in %j',
    (bad) => {
      expect(() => assertPlainPath(bad)).toThrow(GatewayError);
    },
  );

  it.each(['/...', '/a..', '/..a', '/a.b/.c', '/.../.a/..b?c=/.d'])('takes %j', (good) => {
    expect(() => assertPlainPath(good)).not.toThrow();
  });
});

describe('queryString', () => {
  it('writes what is defined, lists repeated, everything encoded', () => {
    expect(queryString({ a: 1, b: undefined, c: ['x', 'y&z'], 'd=': true, e: '' })).toBe(
      '?a=1&c=x&c=y%26z&d%3D=true&e=',
    );
  });

  it('is empty for nothing', () => {
    expect([queryString(undefined), queryString({}), queryString({ a: undefined })]).toEqual(['', '', '']);
  });
});
