import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '@facet/testing';
import { ExpiryLine } from '@facet/resilience';
import { BudgetExceeded, withinBudget as within } from './within-budget.ts';

const withinBudget = <T>(clock: FakeClock, answer: Promise<T>, budgetMs: number): Promise<T> =>
  within(new ExpiryLine(clock), clock, answer, budgetMs);

describe('withinBudget', () => {
  it('passes answer and error on and leaves no timer', async () => {
    const clock = new FakeClock();
    await expect(withinBudget(clock, Promise.resolve(7), 50)).resolves.toBe(7);
    await expect(withinBudget(clock, Promise.reject(new Error('no')), 50)).rejects.toThrow('no');
    expect(clock.pendingTimers).toBe(0);
  });

  it('gives up at the budget and not before', async () => {
    const clock = new FakeClock();
    let error: unknown;
    withinBudget(clock, new Promise(() => undefined), 50).catch((thrown: unknown) => (error = thrown));
    await clock.advance(49);
    expect(error).toBeUndefined();
    await clock.advance(1);
    await clock.advance(0);
    expect(error).toBeInstanceOf(BudgetExceeded);
  });

  it('still takes an answer that was there when this process was held up', async () => {
    const clock = new FakeClock();
    let answer: (value: string) => void = () => undefined;
    const result = withinBudget(clock, new Promise<string>((resolve) => (answer = resolve)), 50);
    const held = clock.advance(60);
    answer('in the socket');
    await held;
    await expect(result).resolves.toBe('in the socket');
  });

  describe('when the process was held up', () => {
    /** Its timers fire late by as much as it is told. */
    class HeldUpClock extends FakeClock {
      lateMs = 0;
      override monotonic(): number {
        return super.monotonic() + this.lateMs;
      }
    }

    async function outcomeAfter(lateMs: number, moreMs: number): Promise<unknown> {
      const clock = new HeldUpClock();
      let outcome: unknown = 'pending';
      withinBudget(clock, new Promise(() => undefined), 50).catch((error: unknown) => (outcome = error));
      clock.lateMs = lateMs;
      await clock.advance(50);
      await clock.advance(moreMs);
      await clock.advance(0);
      return outcome;
    }

    it.each([
      [3, 0, true],
      [20, 19, false],
      [20, 20, true],
      [500, 49, false],
      [500, 50, true],
    ])('late by %d ms, %d ms later: given up %s', async (lateMs, moreMs, isGivenUp) => {
      expect((await outcomeAfter(lateMs, moreMs)) instanceof BudgetExceeded).toBe(isGivenUp);
    });
  });
});
