import { FakeClock } from '@facet/testing';
import { describe, expect, it } from '@jest/globals';
import { LastGood } from './last-good.ts';

describe('LastGood', () => {
  it('gives the last copy of a key until it is too old', async () => {
    const clock = new FakeClock();
    const copies = new LastGood<number | null>({ maxAgeMs: 100, maxEntries: 10, clock });
    expect(copies.find('a')).toBeUndefined();
    copies.keep('a', 1);
    copies.keep('a', null);
    await clock.advance(100);
    expect(copies.find('a')?.value).toBeNull();
    await clock.advance(1);
    expect(copies.find('a')).toBeUndefined();
  });

  it('holds at most maxEntries: the copy longest not renewed leaves first', () => {
    const copies = new LastGood<number>({ maxAgeMs: 100, maxEntries: 2, clock: new FakeClock() });
    copies.keep('a', 1);
    copies.keep('b', 2);
    copies.keep('a', 3);
    copies.keep('c', 4);
    expect(['a', 'b', 'c'].map((key) => copies.find(key)?.value)).toEqual([3, undefined, 4]);
  });

  it('ignores jumps of the wall clock', () => {
    const clock = new FakeClock();
    const copies = new LastGood<number>({ maxAgeMs: 100, maxEntries: 2, clock });
    copies.keep('a', 1);
    clock.jumpWallTo(clock.now() + 1_000_000);
    expect(copies.find('a')?.value).toBe(1);
  });
});
