import { describe, expect, it } from '@jest/globals';
import { LineMemo } from './line-memo.ts';

function rig() {
  const made: string[] = [];
  const memo = new LineMemo((name, value) => {
    if (value.includes('\n')) throw new RangeError(name);
    made.push(name);
    return name === 'host' ? undefined : `${name}: ${value}\r\n`;
  });
  return { made, memo };
}

describe('LineMemo', () => {
  it('makes a line once while a field says the same', () => {
    const { made, memo } = rig();
    for (let index = 0; index < 3; index++) expect(memo.line('via', '1.1 a')).toBe('via: 1.1 a\r\n');
    expect(made).toEqual(['via']);
  });

  it('says what it is told to, whatever was said before', () => {
    const { memo } = rig();
    for (let index = 0; index < 100; index++) {
      const value = String(index % 7 === 0 ? 'same' : index);
      expect(memo.line('x-id', value)).toBe(`x-id: ${value}\r\n`);
    }
  });

  it('comes to remember what is said now', () => {
    const { made, memo } = rig();
    memo.line('etag', 'old');
    for (let index = 0; index < 100; index++) memo.line('etag', 'new');
    expect(made.length).toBeLessThan(30);
  });

  it('checks each value that is new, and remembers none that was refused', () => {
    const { memo } = rig();
    memo.line('via', 'a');
    for (let index = 0; index < 40; index++) expect(() => memo.line('via', 'a\nb')).toThrow(RangeError);
    expect(memo.line('via', 'a')).toBe('via: a\r\n');
  });

  it('leaves to its owner each time what its owner does not write', () => {
    const { made, memo } = rig();
    expect(memo.line('host', 'a')).toBeUndefined();
    expect(memo.line('host', 'a')).toBeUndefined();
    expect(made).toHaveLength(2);
  });

  it.each(['authorization', 'Cookie', 'set-cookie', 'x-api-key', 'Idempotency-Key'])(
    'remembers no %s',
    (name) => {
      const { made, memo } = rig();
      memo.line(name, 'secret');
      memo.line(name, 'secret');
      expect(made).toHaveLength(2);
    },
  );

  it('remembers so many names and no more', () => {
    const { made, memo } = rig();
    for (let round = 0; round < 2; round++) {
      for (let index = 0; index < 1_000; index++)
        expect(memo.line(`x-${index}`, 'v')).toBe(`x-${index}: v\r\n`);
    }
    expect(made.length).toBe(1_800);
  });
});
