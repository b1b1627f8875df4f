import { describe, expect, it } from '@jest/globals';
import { fieldName } from './field-name.ts';

describe('fieldName', () => {
  it('folds case, also of names met before', () => {
    for (const name of ['X-Fold', 'x-fold', 'X-Fold', "!#$%&'*+-.^_`|~09AZaz", '__proto__', 'constructor']) {
      expect(fieldName(name)?.lower).toBe(name.toLowerCase());
    }
  });

  it('knows which may stand once only, each by a bit of its own', () => {
    const names = ['Content-Length', 'content-type', 'Location', 'transfer-encoding', 'retry-after', 'ETag'];
    const bits = names.map((name) => fieldName(name)?.singularBit ?? 0);
    expect(bits.reduce((all, bit) => all | bit)).toBe(2 ** names.length - 1);
    expect(fieldName('set-cookie')?.singularBit).toBe(0);
  });

  it.each([
    '',
    ' ',
    'x ',
    ' x',
    'x:',
    'x y',
    'x\n',
    '\rx',
    'x\0',
    '\xe9',
    'x\u212a',
    '(x)',
    '"x"',
    'x/y',
    '{x}',
  ])('takes %j for no name, however often', (name) => {
    expect([fieldName(name), fieldName(name)]).toEqual([undefined, undefined]);
  });

  it('remembers names also after strangers have sent many', () => {
    for (let n = 0; n < 10_000; n++) expect(fieldName(`X-Stranger-${n}`)?.lower).toBe(`x-stranger-${n}`);
    expect(fieldName('X-After')).toBe(fieldName('X-After'));
  });
});
