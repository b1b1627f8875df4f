import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '@facet/testing';
import { Expiring, ExpiryLine } from './expiry-line.ts';

describe('ExpiryLine', () => {
  let clock: FakeClock;
  let line: ExpiryLine;
  let over: string[];

  class Named extends Expiring {
    readonly name: string;
    readonly onExpired: () => void;

    constructor(name: string, inMs: number, onExpired: () => void = () => undefined) {
      super();
      this.name = name;
      this.expiresAtMs = clock.monotonic() + inMs;
      this.onExpired = onExpired;
    }

    override expired(): void {
      over.push(`${this.name} ${clock.monotonic()}`);
      this.onExpired();
    }
  }

  beforeEach(() => {
    clock = new FakeClock();
    line = new ExpiryLine(clock);
    over = [];
  });

  function add(name: string, inMs: number, onExpired?: () => void): Named {
    const one = new Named(name, inMs, onExpired);
    line.add(one);
    return one;
  }

  it('ends each at its own time, whatever the order they came in', async () => {
    add('b', 200);
    add('c', 300);
    add('a', 100);
    add('also b', 200);
    await clock.advance(1_000);
    expect(over).toEqual(['a 100', 'b 200', 'also b 200', 'c 300']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('has one timer for all, and none for nobody', async () => {
    const all = Array.from({ length: 100 }, (_, n) => add(`${n}`, 100 + n));
    expect(clock.pendingTimers).toBe(1);
    for (const one of all.slice(1)) line.remove(one);
    await clock.advance(50);
    line.remove(all[0] as Named);
    expect(clock.pendingTimers).toBe(0);
    await clock.advance(1_000);
    expect(over).toEqual([]);
  });

  it('goes on with the next when the first has left', async () => {
    const first = add('first', 100);
    const middle = add('middle', 150);
    add('last', 200);
    line.remove(first);
    line.remove(middle);
    line.remove(middle);
    await clock.advance(199);
    expect(over).toEqual([]);
    await clock.advance(1);
    expect(over).toEqual(['last 200']);
  });

  it('takes in whom the end of another brings, and lets go whom it ends', async () => {
    const victim = add('victim', 300);
    add('first', 100, () => {
      line.remove(victim);
      add('sooner', 50);
      add('later', 400);
    });
    await clock.advance(1_000);
    expect(over).toEqual(['first 100', 'sooner 150', 'later 500']);
    expect(clock.pendingTimers).toBe(0);
  });
});
