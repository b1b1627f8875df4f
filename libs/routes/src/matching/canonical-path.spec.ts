import { describe, expect, it } from '@jest/globals';
import { canonicalPath, furtherReadings } from './canonical-path.ts';

describe('canonicalPath', () => {
  it.each([
    ['/', '/'],
    ['/orders/42', '/orders/42'],
    ['/orders/', '/orders/'],
    ["/a;b=1/c+d/e,f/(g)/'h'/~i/!j/$k/&l/@m:n", "/a;b=1/c+d/e,f/(g)/'h'/~i/!j/$k/&l/@m:n"],
    ['/.well-known/x', '/.well-known/x'],
    ['/a..b/...', '/a..b/...'],
    ['/%6frders', '/orders'],
    ['/caf%c3%a9', '/caf%C3%A9'],
    ['/a%2fb', '/a%2Fb'],
    ['/a%3Fb%23c', '/a%3Fb%23c'],
    ['/100%25', '/100%25'],
    ['/a|b"c', '/a|b"c'],
  ])('reads %s as %s', (path, canonical) => expect(canonicalPath(path)).toBe(canonical));

  it.each([
    '',
    'orders',
    '*',
    'http://host/',
    '//a',
    '/a//b',
    '/a//',
    '/.',
    '/..',
    '/a/./b',
    '/a/../b',
    '/a/..',
    '/%2e%2e/b',
    '/a/.%2E/b',
    '/..;x/b',
    '/a/%2e;/b',
    '/a\\b',
    '/a%5cb',
    '/a%5C..%5Cb',
    '/a%00',
    '/a%0d%0ab',
    '/a%7f',
    '/a%',
    '/a%4',
    '/a%zz',
    '/%c0%af',
    '/%c0%ae%c0%ae/b',
    '/%ff',
    '/a b',
    '/é',
    '/a\u0000',
    '/a#b',
    '/a?b',
  ])('refuses %j', (path) => expect(canonicalPath(path)).toBeUndefined());
});

describe('furtherReadings', () => {
  it('has none for a path that can be decoded only once', () => {
    expect(furtherReadings('/orders/caf%C3%A9')).toEqual([]);
    expect(furtherReadings('/100%25/a')).toEqual([]);
  });

  it('tells how an upstream may read it that decodes more', () => {
    expect(furtherReadings('/a%2Fb')).toEqual(['/a/b']);
    expect(furtherReadings('/%2561dmin')).toEqual(['/admin']);
    expect(furtherReadings('/a%252Fb')).toEqual(['/a%2Fb', '/a/b']);
  });

  it('tells how an upstream may read it that cuts off path parameters', () => {
    expect(furtherReadings('/admin;x=1/users;y')).toEqual(['/admin/users']);
    expect(furtherReadings('/map/;lat=50')).toEqual(['/map/']);
    expect(furtherReadings('/admin%3Bx')).toEqual(['/admin;x', '/admin']);
  });

  it.each([
    '/a%2F..%2Fb',
    '/a%2F%2Fb',
    '/a/;x/b',
    '/%252e%252e%252fb',
    '/a%255cb',
    '/a%2500',
    `/%${'25'.repeat(2000)}41`,
  ])('refuses %s', (path) => expect(furtherReadings(path)).toBeUndefined());
});
