import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '@facet/testing';
import { StoreBreaker } from './store-breaker.ts';

describe('StoreBreaker', () => {
  let clock: FakeClock;
  let isUp: boolean;
  let probes: number;
  let changes: boolean[];
  let breaker: StoreBreaker;

  beforeEach(async () => {
    clock = new FakeClock();
    isUp = true;
    probes = 0;
    changes = [];
    breaker = new StoreBreaker({
      clock,
      probe: () => {
        probes++;
        return isUp ? Promise.resolve() : Promise.reject(new Error('away'));
      },
      onChange: (isOpen) => changes.push(isOpen),
    });
    await breaker.probe();
  });

  it('is born open and closed by the first probe that is answered', async () => {
    expect([breaker.isOpen, changes]).toEqual([false, [false]]);
  });

  it('opens after three failures in a row, not after three with a success between', async () => {
    for (const outcome of ['failed', 'failed', 'succeeded', 'failed', 'failed'] as const) {
      breaker[outcome]();
      await clock.advance(60);
    }
    expect(breaker.isOpen).toBe(false);
    breaker.failed();
    expect(breaker.isOpen).toBe(true);
  });

  it('takes failures that come together for one hiccup, and opens when they go on', async () => {
    for (let failure = 0; failure < 20; failure++) breaker.failed();
    await clock.advance(99);
    breaker.failed();
    expect(breaker.isOpen).toBe(false);
    await clock.advance(1);
    breaker.failed();
    expect(breaker.isOpen).toBe(true);
  });

  it('opens at once when the connection is lost, and tells it once', () => {
    breaker.open();
    breaker.open();
    breaker.failed();
    expect(changes).toEqual([false, true]);
  });

  it('asks by itself while open, at most a second apart, and closes when answered', async () => {
    isUp = false;
    probes = 0;
    breaker.open();
    await clock.advance(10_000);
    expect(probes).toBeGreaterThanOrEqual(10);
    expect(breaker.isOpen).toBe(true);
    isUp = true;
    await clock.advance(1000);
    expect([breaker.isOpen, clock.pendingTimers]).toEqual([false, 0]);
  });

  it('asks less often when what it lets through fails again and again', async () => {
    const openedForMs = async () => {
      breaker.failed();
      await clock.advance(100);
      for (let failure = 0; failure < 2; failure++) breaker.failed();
      const startMs = clock.monotonic();
      while (breaker.isOpen) await clock.advance(50);
      return clock.monotonic() - startMs;
    };
    expect([await openedForMs(), await openedForMs(), await openedForMs()]).toEqual([500, 1000, 1000]);
    breaker.succeeded();
    expect(await openedForMs()).toBe(250);
  });

  it('opens when the probe of a new connection fails', async () => {
    isUp = false;
    await breaker.probe();
    expect(breaker.isOpen).toBe(true);
  });

  it('leaves no timer behind', async () => {
    isUp = false;
    breaker.open();
    breaker.stop();
    expect(clock.pendingTimers).toBe(0);
    await breaker.probe();
    expect(clock.pendingTimers).toBe(0);
  });
});
