import { describe, expect, it } from '@jest/globals';
import { matchesEtag, weakEtag } from './etag.ts';

const order = (index: number): string =>
  JSON.stringify({ id: `ord_${index}`, total: index, tags: ['a', 'ä'] });

describe('weakEtag', () => {
  it.each([0, 1, 2, 4_095, 4_096, 4_097, 100_000])('is the same for the same %d characters', (length) => {
    const text = 'x'.repeat(length);
    expect(weakEtag(text)).toBe(weakEtag('x'.repeat(length)));
    expect(weakEtag(text)).toMatch(/^W\/"[\w-]+"$/);
  });

  it('tells 200,000 answers apart that differ in a digit or two', () => {
    const seen = new Set<string>();
    for (let index = 0; index < 200_000; index++) seen.add(weakEtag(order(index)));
    expect(seen.size).toBe(200_000);
  });

  it('tells apart what differs in one bit, one place, an order or a length', () => {
    const text = order(1).repeat(20);
    const seen = new Set([weakEtag(text)]);
    for (let at = 0; at < text.length; at++) {
      const other = String.fromCharCode(text.charCodeAt(at) ^ 1);
      seen.add(weakEtag(text.slice(0, at) + other + text.slice(at + 1)));
    }
    expect(seen.size).toBe(text.length + 1);
    expect(
      new Set(['', '\0', '\0\0', 'ab', 'ba', 'abab', 'baba', '[1,12]', '[11,2]'].map(weakEtag)).size,
    ).toBe(9);
  });
});

describe('matchesEtag', () => {
  it('compares weakly, in lists too, and takes * for any', () => {
    const etag = weakEtag('a');
    for (const field of [etag, etag.slice(2), `"x", ${etag}`, ' * '])
      expect(matchesEtag(field, etag)).toBe(true);
    for (const field of ['"x"', `${etag}x`, '']) expect(matchesEtag(field, etag)).toBe(false);
  });
});
