import { describe, expect, it } from '@jest/globals';
import { parsePattern, type PathPattern } from './matching/path-pattern.ts';
import { compileTarget, rewriteFault } from './target-path.ts';

const pattern = (text: string) => parsePattern(text) as PathPattern;
const target = (
  path: string,
  options: { rewrite?: string; stripSegments?: number; basePath?: string } = {},
) => compileTarget({ pattern: pattern(path), stripSegments: 0, basePath: '', ...options });

describe('compileTarget', () => {
  it('leaves a path as it came, byte for byte', () => {
    expect(target('/api/*')('/api/a%2fb;c=+/%c3%a9/')).toBe('/api/a%2fb;c=+/%c3%a9/');
  });

  it('strips the prefix', () => {
    const strip = target('/api/v1/:id', { stripSegments: 2 });
    expect(strip('/api/v1/%41')).toBe('/%41');
    expect(target('/api/*', { stripSegments: 1 })('/api')).toBe('/');
    expect(target('/api/*', { stripSegments: 1, basePath: '/base' })('/api/x/')).toBe('/base/x/');
  });

  it('rewrites with parameters as they came', () => {
    const rewrite = target('/api/hello/:id/*', { rewrite: '/v2/:id/hello/*' });
    expect(rewrite('/api/hello/a%20b/c/d%2Fe/')).toBe('/v2/a%20b/hello/c/d%2Fe/');
    expect(rewrite('/api/hello/a')).toBe('/v2/a/hello');
    expect(rewrite('/api/hello/a/')).toBe('/v2/a/hello/');
    expect(target('/a/:b', { rewrite: '/fixed', basePath: '/base' })('/a/b')).toBe('/base/fixed');
  });

  it('finds segments of an encoded path by their place', () => {
    expect(target('/hello/:id', { rewrite: '/:id' })('/%68ello/x')).toBe('/x');
  });
});

describe('rewriteFault', () => {
  it.each([
    ['/:b', /:b/],
    ['/x/*', /path does not/],
    ['/*/x', /not the last/],
    ['/x?y=1', /query/],
    ['/../x', /alike/],
    ['/a//b', /alike/],
    ['/é', /alike/],
  ])('refuses %s', (rewrite, message) => expect(rewriteFault(pattern('/a/:id'), rewrite)).toMatch(message));

  it('takes what the pattern has', () => {
    expect(rewriteFault(pattern('/a/:id/*'), '/x/:id/*')).toBeUndefined();
    expect(rewriteFault(pattern('/a/:id'), '/')).toBeUndefined();
  });
});
