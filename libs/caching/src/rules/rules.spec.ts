import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { byteRange } from './byte-range.ts';
import { cacheControl } from './cache-control.ts';
import { httpDate, toHttpDate } from './http-date.ts';
import { invalidatedUris } from './invalidated-uris.ts';
import { other, structuredDictionary } from './structured-dictionary.ts';
import { responseDirectives } from './targeted.ts';
import { varyFields, variantOf } from './vary.ts';

const read = (...values: string[]) => cacheControl(values.map((value) => ['Cache-Control', value]));

describe('cacheControl', () => {
  it.each<[string, ReturnType<typeof cacheControl>]>([
    ['', {}],
    [' , ,', {}],
    ['max-age=1, max-age=2', { maxAge: 1 }],
    ['max-age="10"', { maxAge: 10 }],
    ['max-age=99999999999', { maxAge: 2_147_483_648 }],
    ['max-age', { maxAge: NaN }],
    ['max-age=', { maxAge: NaN }],
    ['max-age=1.5', { maxAge: NaN }],
    ['max-stale', { maxStale: Infinity }],
    ['max-stale=5', { maxStale: 5 }],
    ['private="A, b", private=c', { private: ['a', 'b', 'c'] }],
    ['private="a", private', { private: true }],
    ['no-cache="a', { noCache: true }],
    ['no-cache=""', { noCache: true }],
    ['no-store=yes', { noStore: true }],
    ['no-store;', { noStore: true }],
    ['public=yes', {}],
    ['immutable;x', {}],
    ['x="a\\"b, no-store", public', { public: true }],
    ['MUST-REVALIDATE , Proxy-Revalidate', { mustRevalidate: true, proxyRevalidate: true }],
  ])('reads %s', (value, directives) => {
    expect(read(value)).toEqual(directives);
  });

  it('reads lines as one list', () => {
    expect(read('max-age=1', 'public, max-age=2')).toEqual({ maxAge: 1, public: true });
  });

  it('finds no-store wherever it stands among anything without quotes', () => {
    const rest = fc.string().map((text) => text.replace(/["\\]/g, ''));
    fc.assert(
      fc.property(rest, rest, (before, after) => read(`${before},no-store,${after}`).noStore === true),
    );
  });

  it('reads anything, and in no time', () => {
    fc.assert(fc.property(fc.string(), (value) => void read(value)));
    const startMs = performance.now();
    for (const part of [' ', '"', '=', ',', 'a="\\']) read(part.repeat(16_000));
    expect(performance.now() - startMs).toBeLessThan(1_000);
  });
});

describe('structuredDictionary', () => {
  it.each<[string, [string, unknown][]]>([
    [
      'a=1, b, c=?0, d="x\\"y"',
      [
        ['a', 1],
        ['b', true],
        ['c', false],
        ['d', 'x"y'],
      ],
    ],
    [
      'a=1;p;q="z" ,\tb=-2',
      [
        ['a', 1],
        ['b', -2],
      ],
    ],
    [
      'a=1.5, b=tok/en, c=:aGk=:, d=(1 "x";y z);w, e=@1659578233',
      ['a', 'b', 'c', 'd', 'e'].map((k) => [k, other]),
    ],
    ['a=1, a=2', [['a', 2]]],
    ['', []],
  ])('reads %s', (value, members) => {
    expect([...(structuredDictionary(value) ?? [])]).toEqual(members);
  });

  it.each([
    'A=1',
    'a=',
    'a= 1',
    'a =1',
    'a=1,',
    'a=1,,b',
    'a=1 b',
    'a=(1',
    'a="x',
    'a=1;',
    'a=1.',
    'a=?2',
    '&&&',
    'a=ü',
  ])('refuses %s whole', (value) => {
    expect(structuredDictionary(value)).toBeUndefined();
  });
});

describe('responseDirectives', () => {
  it('takes the targeted field alone, and only when it says something', () => {
    const general = ['Cache-Control', 'no-store'] as const;
    const of = (value: string) => responseDirectives([['CDN-Cache-Control', value], general]);
    expect(of('max-age=60, private="a, B", no-cache=?0')).toEqual({
      directives: { maxAge: 60, private: ['a', 'b'] },
      targeted: true,
    });
    expect(of('max-age="60"')).toEqual({ directives: { maxAge: NaN }, targeted: true });
    for (const unusable of ['', 'Max-Age=60', 'max-age=60,']) {
      expect(of(unusable)).toEqual({ directives: { noStore: true }, targeted: false });
    }
  });
});

describe('httpDate', () => {
  const nowMs = Date.UTC(2026, 0, 1);

  it('reads what it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 250_000_000_000 }), (seconds) => {
        expect(httpDate(toHttpDate(seconds * 1000), nowMs)).toBe(seconds * 1000);
      }),
    );
  });

  it.each([
    ['Sunday, 06-Nov-94 08:49:37 GMT', Date.UTC(1994, 10, 6, 8, 49, 37)],
    ['Sunday, 06-Nov-76 08:49:37 GMT', Date.UTC(2076, 10, 6, 8, 49, 37)],
    ['Sunday, 06-Nov-77 08:49:37 GMT', Date.UTC(1977, 10, 6, 8, 49, 37)],
    ['Sun Nov  6 08:49:37 1994', Date.UTC(1994, 10, 6, 8, 49, 37)],
    ['Sat, 31 Dec 2016 23:59:60 GMT', Date.UTC(2016, 11, 31, 23, 59, 59)],
  ])('reads %s', (value, ms) => {
    expect(httpDate(value, nowMs)).toBe(ms);
  });

  it.each([
    '',
    '0',
    'Sun, 31 Feb 2026 00:00:00 GMT',
    'Sun, 06 Nov 1994 24:00:00 GMT',
    'Sun Nov 6 08:49:37 1994',
  ])('does not take %s for one', (value) => {
    expect(httpDate(value, nowMs)).toBeUndefined();
  });
});

describe('variants', () => {
  it('are named in one order', () => {
    expect(
      varyFields([
        ['Vary', 'b, A'],
        ['vary', 'B'],
      ]),
    ).toEqual(['a', 'b']);
    expect(varyFields([['Vary', 'a b']])).toBe('*');
  });

  it('differ whenever a field does', () => {
    const value = fc.string({ unit: 'grapheme-ascii' }).map((text) => text.trim().replace(/\s*,\s*/g, ','));
    fc.assert(
      fc.property(fc.option(value), fc.option(value), (one, two) => {
        const variant = (text: string | null) => variantOf(['foo'], text === null ? [] : [['Foo', text]]);
        expect(variant(one) === variant(two)).toBe(one === two);
      }),
    );
  });
});

describe('byteRange', () => {
  it.each<[string, ReturnType<typeof byteRange>]>([
    ['bytes=0-0', { first: 0, last: 0 }],
    ['bytes=5-', { first: 5, last: 9 }],
    ['bytes=-3', { first: 7, last: 9 }],
    ['bytes=-30', { first: 0, last: 9 }],
    ['bytes=8-99', { first: 8, last: 9 }],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-4', undefined],
    ['bytes=-', undefined],
    ['bytes=0-1,3-4', undefined],
    ['items=0-1', undefined],
    ['bytes=a-b', undefined],
  ])('reads %s of ten', (value, range) => {
    expect(byteRange(value, 10)).toEqual(range);
  });
});

describe('invalidatedUris', () => {
  it('resolves what is named, and stays at its origin', () => {
    const named = [
      ['Location', '../c?x#y'],
      ['Content-Location', 'http://o.test/d'],
      ['Location', '//other.test/e'],
      ['Location', 'http://['],
    ] as const;
    expect(invalidatedUris('PUT', 'http://o.test', '/a/b', { status: 201, headers: named })).toEqual([
      'http://o.test/a/b',
      'http://o.test/c?x',
      'http://o.test/d',
    ]);
  });

  it.each([
    ['OPTIONS', 200],
    ['POST', 404],
    ['POST', 500],
  ])('names none after %s with %i', (method, status) => {
    expect(invalidatedUris(method, 'http://o.test', '/a', { status, headers: [] })).toEqual([]);
  });
});
