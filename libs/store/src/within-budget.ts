import { type Clock } from '@facet/context';
import { Expiring, type ExpiryLine } from '@facet/resilience';

/** A timer that is later than this tells that the process itself was held up, ms. */
const heldUpMs = 3;

/** The budget of a store command is used up. */
export class BudgetExceeded extends Error {
  constructor(budgetMs: number) {
    super(`No answer in ${budgetMs} ms`);
    this.name = 'BudgetExceeded';
  }
}

/** Is told how it ended, once. */
export interface BudgetOutcome {
  succeeded(): void;
  /** @returns what the caller gets instead */
  failed(cause: unknown): Error;
}

const untold: BudgetOutcome = { succeeded: () => undefined, failed: (cause) => cause as Error };

/**
 * The answer, or `BudgetExceeded` after `budgetMs`. Time in which this process was held up is not the store's fault:
 * as much is waited once more, at most the budget again, and the verdict falls after a last look at the network.
 * @param line where all that waits for the store stands, with one timer for all
 * @param outcome told in between, where another `then` would be a promise more for every command
 */
export function withinBudget<T>(
  line: ExpiryLine,
  clock: Clock,
  answer: Promise<T>,
  budgetMs: number,
  outcome: BudgetOutcome = untold,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const fail = (cause: unknown): void => {
      if (isOver) return;
      isOver = true;
      reject(outcome.failed(cause));
    };
    const wait = new Wait(line, clock, budgetMs, fail);
    answer.then(
      (value) => {
        line.remove(wait);
        if (isOver) return;
        isOver = true;
        outcome.succeeded();
        resolve(value);
      },
      (error: unknown) => {
        line.remove(wait);
        fail(error);
      },
    );
  });
}

class Wait extends Expiring {
  readonly #clock: Clock;
  readonly #budgetMs: number;
  readonly #reject: (error: BudgetExceeded) => void;
  readonly #line: ExpiryLine;
  #isProlonged = false;

  constructor(line: ExpiryLine, clock: Clock, budgetMs: number, reject: (error: BudgetExceeded) => void) {
    super();
    this.#line = line;
    this.#clock = clock;
    this.#budgetMs = budgetMs;
    this.#reject = reject;
    this.expiresAtMs = clock.monotonic() + budgetMs;
    line.add(this);
  }

  override expired(): void {
    const nowMs = this.#clock.monotonic();
    const lateMs = nowMs - this.expiresAtMs;
    if (this.#isProlonged || lateMs <= heldUpMs) {
      setImmediate(() => this.#reject(new BudgetExceeded(this.#budgetMs)));
      return;
    }
    this.#isProlonged = true;
    this.expiresAtMs = nowMs + Math.min(lateMs, this.#budgetMs);
    this.#line.add(this);
  }
}
