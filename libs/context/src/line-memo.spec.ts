import { describe, expect, it } from '@jest/globals';
import { LineMemo } from './line-memo.ts';

function rig() {
  const checked: string[] = [];
  const memo = new LineMemo({
    isWritten: (name) => name !== 'host',
    checkValue: (name, value) => {
      if (value.includes('\n')) throw new RangeError(name);
      checked.push(name);
    },
  });
  return { checked, memo };
}

describe('LineMemo', () => {
  it('checks a field once while a field says the same', () => {
    const { checked, memo } = rig();
    for (let index = 0; index < 3; index++) expect(memo.line('via', '1.1 a')).toBe('via: 1.1 a\r\n');
    expect(checked).toEqual(['via']);
  });

  it('says what it is told to, whatever was said before', () => {
    const { memo } = rig();
    for (let index = 0; index < 100; index++) {
      const value = String(index % 7 === 0 ? 'same' : index);
      expect(memo.line('x-id', value)).toBe(`x-id: ${value}\r\n`);
    }
  });

  it('comes to remember what is said now', () => {
    const { checked, memo } = rig();
    memo.line('etag', 'old');
    for (let index = 0; index < 100; index++) memo.line('etag', 'new');
    expect(checked.length).toBeLessThan(30);
  });

  it('checks each value that is new, and remembers none that was refused', () => {
    const { memo } = rig();
    memo.line('via', 'a');
    for (let index = 0; index < 40; index++) expect(() => memo.line('via', 'a\nb')).toThrow(RangeError);
    expect(memo.line('via', 'a')).toBe('via: a\r\n');
  });

  it('leaves to its owner each time what its owner writes', () => {
    const { checked, memo } = rig();
    for (const value of ['a', 'a', 'b\n']) expect(memo.line('host', value)).toBeUndefined();
    expect(checked).toEqual([]);
  });

  it('comes to remember again what changes now and then, after having said something new each time', () => {
    const { checked, memo } = rig();
    for (let index = 0; index < 20_000; index++) memo.line('age', String(index));
    for (let index = 0; index < 5_000; index++) memo.line('age', 'kept');
    const before = checked.length;
    for (let index = 0; index < 1_000; index++) memo.line('age', String(Math.floor(index / 200)));
    expect(checked.length - before).toBeLessThan(100);
  });

  it.each(['authorization', 'Cookie', 'set-cookie', 'x-api-key', 'Idempotency-Key'])(
    'remembers no %s',
    (name) => {
      const { checked, memo } = rig();
      memo.line(name, 'secret');
      memo.line(name, 'secret');
      expect(checked).toHaveLength(2);
    },
  );

  it('remembers so many names and no more', () => {
    const { checked, memo } = rig();
    for (let round = 0; round < 2; round++) {
      for (let index = 0; index < 1_000; index++)
        expect(memo.line(`x-${index}`, 'v')).toBe(`x-${index}: v\r\n`);
    }
    expect(checked.length).toBe(1_800);
  });
});
