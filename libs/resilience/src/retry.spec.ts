import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '@facet/testing';
import { parseRetryAfterMs } from './retry-after.ts';
import { RetryBudget } from './retry-budget.ts';
import { delayBoundMs, jitteredDelayMs, longestPlanMs } from './retry-plan.ts';

const plan = { attempts: 4, baseDelayMs: 100, maxDelayMs: 300, statuses: [] };

describe('the retry plan', () => {
  it('doubles the bound up to its maximum', () => {
    expect([1, 2, 3].map((retry) => delayBoundMs(plan, retry))).toEqual([100, 200, 300]);
  });

  it('waits anywhere between nothing and the bound', () => {
    expect([0, 0.5, 0.999].map((random) => jitteredDelayMs(plan, 2, random))).toEqual([0, 100, 199.8]);
  });

  it('knows its longest course', () => {
    expect(longestPlanMs(plan, 1_000)).toBe(4_600);
  });
});

describe('RetryBudget', () => {
  const take = (budget: RetryBudget): number => {
    let taken = 0;
    while (budget.tryRetry()) taken++;
    return taken;
  };

  it('always has three at once for quiet times, and they come back', async () => {
    const clock = new FakeClock();
    const budget = new RetryBudget(clock);
    expect(take(budget)).toBe(3);
    await clock.advance(1_000);
    expect(take(budget)).toBe(1);
    await clock.advance(60_000);
    expect(take(budget)).toBe(3);
  });

  it('allows a fifth of the live calls when all fail', () => {
    const budget = new RetryBudget(new FakeClock());
    for (let n = 0; n < 1_000; n++) budget.callStarted();
    expect(take(budget)).toBe(200);
  });

  it('allows a fifth of all calls when one after the other fails', () => {
    const budget = new RetryBudget(new FakeClock());
    let retries = 0;
    for (let n = 0; n < 1_000; n++) {
      budget.callStarted();
      retries += take(budget);
      budget.callEnded();
    }
    expect(retries).toBeLessThanOrEqual(203);
  });

  it('does not save up for a rainy day', () => {
    const budget = new RetryBudget(new FakeClock());
    for (let n = 0; n < 100_000; n++) {
      budget.callStarted();
      budget.callEnded();
    }
    expect(take(budget)).toBe(10);
  });
});

describe('parseRetryAfterMs', () => {
  const now = Date.UTC(2026, 0, 1, 12, 0, 0);

  it.each([
    ['0', 0],
    ['120', 120_000],
    ['Thu, 01 Jan 2026 12:00:30 GMT', 30_000],
    ['Thursday, 01-Jan-26 12:00:30 GMT', 30_000],
    ['Thu Jan  1 12:00:30 2026 GMT', 30_000],
    ['Thu, 01 Jan 2026 11:00:00 GMT', 0],
  ])('reads %j', (value, ms) => {
    expect(parseRetryAfterMs(value, now)).toBe(ms);
  });

  it.each([undefined, '', '-1', '1.5', 'soon', '2026-01-01T12:00:30Z', '99999999999999999999', 'Monday'])(
    'does not believe %j',
    (value) => {
      expect(parseRetryAfterMs(value, now)).toBeUndefined();
    },
  );
});
