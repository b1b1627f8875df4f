import { describe, expect, it } from '@jest/globals';
import { paramNames, parsePattern, type PathPattern, patternShape } from './path-pattern.ts';

describe('parsePattern', () => {
  it('reads literals, parameters and the wildcard', () => {
    const pattern = parsePattern('/api/orders/:id/café/*') as PathPattern;
    expect(patternShape(pattern)).toBe('/api/orders/:/caf%C3%A9/*');
    expect(paramNames(pattern)).toEqual(['id']);
    expect(pattern.wildcard).toBe(true);
  });

  it('takes the root and a trailing slash as nothing', () => {
    expect(patternShape(parsePattern('/') as PathPattern)).toBe('/');
    expect(patternShape(parsePattern('') as PathPattern)).toBe('/');
    expect(patternShape(parsePattern('/a/') as PathPattern)).toBe('/a');
    expect(patternShape(parsePattern('/%61') as PathPattern)).toBe('/a');
  });

  it.each([
    '/a//b',
    '/a*',
    '/*/b',
    '/:',
    '/:1a',
    '/:a.json',
    '/a?b',
    '/a#b',
    '/..',
    '/a%2Fb',
    '/%zz',
    '/:a/:a',
  ])('says in words why %s is none', (text) => expect(typeof parsePattern(text)).toBe('string'));
});
