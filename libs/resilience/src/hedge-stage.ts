import { type Clock } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { type Answer, type Attempt, CallStage } from './call-stage.ts';
import { type RetryBudget } from './retry-budget.ts';

/** An attempt that may be doubled. */
export interface HedgeableAttempt<T> extends Attempt {
  /** Sending it twice at once harms nobody: GET and HEAD. */
  readonly hedgeable: boolean;
  /** Another attempt of the same call. */
  sibling(): T;
}

export interface HedgeParts {
  readonly clock: Clock;
  readonly upstream: string;
  readonly budget: RetryBudget;
  /** The second attempt starts when the first has taken longer than this share of the route's live calls. */
  readonly afterQuantile: number;
  readonly onHedge: () => void;
}

/**
 * Doubles an attempt that takes longer than nearly all of its route do, within the retry budget. The first good
 * answer counts; the other attempt is aborted.
 */
export class HedgeStage<T extends HedgeableAttempt<T>, A extends Answer> extends CallStage<T, A> {
  readonly #next: CallStage<T, A>;
  readonly #parts: HedgeParts;

  constructor(next: CallStage<T, A>, parts: HedgeParts) {
    super();
    this.#next = next;
    this.#parts = parts;
  }

  override run(attempt: T): Promise<A> {
    const afterMs = attempt.hedgeable ? attempt.latencies.quantile(this.#parts.afterQuantile) : undefined;
    if (afterMs === undefined || afterMs >= attempt.deadline.remainingMs()) return this.#next.run(attempt);
    return new Race(this.#next, this.#parts).run(attempt, afterMs);
  }
}

/** Two runners at most, one result. */
class Race<T extends HedgeableAttempt<T>, A extends Answer> {
  readonly #next: CallStage<T, A>;
  readonly #parts: HedgeParts;
  readonly #running = new Set<T>();
  readonly #result = Promise.withResolvers<A>();
  #settled = false;
  /** What the runner who came in badly brought, while the other still runs. */
  #inReserve: { readonly answer: A } | { readonly error: unknown } | undefined;

  constructor(next: CallStage<T, A>, parts: HedgeParts) {
    this.#next = next;
    this.#parts = parts;
  }

  async run(first: T, afterMs: number): Promise<A> {
    const { clock, budget, onHedge } = this.#parts;
    let doubled = false;
    const timer = clock.setTimeout(() => {
      if (!budget.tryRetry()) return;
      doubled = true;
      onHedge();
      this.#start(first.sibling());
    }, afterMs);
    this.#start(first);
    try {
      return await this.#result.promise;
    } finally {
      clock.clearTimeout(timer);
      if (doubled) budget.retryEnded();
    }
  }

  #start(attempt: T): void {
    this.#running.add(attempt);
    this.#next.run(attempt).then(
      (answer) => this.#answered(attempt, answer),
      (error: unknown) => this.#failed(attempt, error),
    );
  }

  #answered(attempt: T, answer: A): void {
    this.#running.delete(attempt);
    if (this.#settled) answer.discard();
    else if (answer.status >= 500 && this.#running.size > 0) this.#inReserve = { answer };
    else this.#win(answer);
  }

  #failed(attempt: T, error: unknown): void {
    this.#running.delete(attempt);
    if (this.#settled) return;
    if (this.#running.size > 0) this.#inReserve = { error };
    else if (this.#inReserve && 'answer' in this.#inReserve) this.#win(this.#inReserve.answer);
    else {
      this.#settled = true;
      this.#result.reject(error);
    }
  }

  #win(answer: A): void {
    this.#settled = true;
    if (this.#inReserve && 'answer' in this.#inReserve && this.#inReserve.answer !== answer) {
      this.#inReserve.answer.discard();
    }
    const { upstream } = this.#parts;
    for (const loser of this.#running) loser.abort(new GatewayError('client_closed_request', { upstream }));
    this.#result.resolve(answer);
  }
}
