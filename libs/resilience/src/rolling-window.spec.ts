import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '@facet/testing';
import { RollingWindow } from './rolling-window.ts';

describe('RollingWindow', () => {
  it('forgets slice by slice', async () => {
    const clock = new FakeClock();
    const window = new RollingWindow(clock, 10_000);
    window.record(true, false);
    await clock.advance(5_000);
    window.record(false, true);
    expect([window.calls, window.failures, window.slow]).toEqual([2, 1, 1]);
    await clock.advance(5_000);
    window.roll();
    expect([window.calls, window.failures, window.slow]).toEqual([1, 0, 1]);
    await clock.advance(60_000);
    window.roll();
    expect([window.calls, window.failures, window.slow]).toEqual([0, 0, 0]);
  });

  it('does not mind the wall clock', async () => {
    const clock = new FakeClock();
    const window = new RollingWindow(clock, 10_000);
    window.record(true, false);
    clock.jumpWallTo(0);
    window.roll();
    expect(window.failures).toBe(1);
  });

  it('forgets everything when told', () => {
    const window = new RollingWindow(new FakeClock(), 10_000);
    window.record(true, true);
    window.clear();
    expect([window.calls, window.failures, window.slow]).toEqual([0, 0, 0]);
  });
});
