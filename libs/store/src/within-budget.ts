import { type Clock, type TimerHandle } from '@facet/context';

/** A timer that is later than this tells that the process itself was held up, ms. */
const heldUpMs = 3;

/** The budget of a store command is used up. */
export class BudgetExceeded extends Error {
  constructor(budgetMs: number) {
    super(`No answer in ${budgetMs} ms`);
    this.name = 'BudgetExceeded';
  }
}

/**
 * The answer, or `BudgetExceeded` after `budgetMs`. Time in which this process was held up is not the store's fault:
 * as much is waited once more, at most the budget again, and the verdict falls after a last look at the network.
 */
export function withinBudget<T>(clock: Clock, answer: Promise<T>, budgetMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => setImmediate(() => reject(new BudgetExceeded(budgetMs)));
    const dueMs = clock.monotonic() + budgetMs;
    let timer: TimerHandle = clock.setTimeout(() => {
      const lateMs = clock.monotonic() - dueMs;
      if (lateMs <= heldUpMs) giveUp();
      else timer = clock.setTimeout(giveUp, Math.min(lateMs, budgetMs));
    }, budgetMs);
    answer.then(
      (value) => {
        clock.clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clock.clearTimeout(timer);
        reject(error as Error);
      },
    );
  });
}
