import { type Clock } from '@facet/context';
import { GatewayError, type Reason } from '@facet/errors';
import { type Answer, type Attempt, CallStage, type RepeatableCall } from './call-stage.ts';
import { type Pause } from './pause.ts';
import { parseRetryAfterMs } from './retry-after.ts';
import { type RetryBudget } from './retry-budget.ts';
import { jitteredDelayMs, type RetryPlan } from './retry-plan.ts';
import { delay } from './waiting.ts';

/**
 * Failures after which the same request may well succeed. A garbled answer would be garbled again, and who did not
 * answer a SYN for a whole connect limit will not answer the next: another limit would only be added for the client.
 */
const worthRetrying: ReadonlySet<Reason> = new Set([
  'connection_refused',
  'connection_terminated',
  'upstream_timeout',
  'upstream_response_incomplete',
  'upstream_dns_error',
  'upstream_dns_timeout',
]);

export interface RetryParts {
  readonly clock: Clock;
  readonly plan: RetryPlan;
  readonly budget: RetryBudget;
  /** Nobody's retry comes before its end. */
  readonly pause: Pause;
  /** 0 <= random() < 1 */
  readonly random: () => number;
  readonly onRetry: () => void;
}

/** Makes a failed attempt again, with full jitter, while plan, budget and deadline allow it. */
export class RetryStage<T extends Attempt, A extends Answer, C extends RepeatableCall<T>> extends CallStage<
  C,
  A
> {
  readonly #next: CallStage<T, A>;
  readonly #parts: RetryParts;

  constructor(next: CallStage<T, A>, parts: RetryParts) {
    super();
    this.#next = next;
    this.#parts = parts;
  }

  override run(call: C): Promise<A> {
    const { budget } = this.#parts;
    budget.callStarted();
    return this.#attempt(call).then(
      (answer) => {
        if (this.#worthRetrying(call, answer)) return this.#goOn(call, { answer });
        budget.callEnded();
        return answer;
      },
      (error: unknown) => this.#goOn(call, { error }),
    );
  }

  #attempt(call: C): Promise<A> {
    try {
      return this.#next.run(call.nextAttempt());
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  async #goOn(call: C, first: Failed<A>): Promise<A> {
    try {
      return await this.#retry(call, first);
    } finally {
      this.#parts.budget.callEnded();
    }
  }

  /** Goes on from a first failure until an attempt is good or nothing allows another. */
  async #retry(call: C, first: Failed<A>): Promise<A> {
    const { budget, clock, onRetry } = this.#parts;
    let failed: Failed<A> = first;
    for (let retry = 1; ; retry++) {
      const delayMs = this.#delayMs(call, failed, retry);
      if (delayMs === undefined || !budget.tryRetry()) return outcomeOf(failed);
      try {
        failed.answer?.discard();
        await delay(clock, delayMs, call.signal);
        onRetry();
        const answer = await this.#next.run(call.nextAttempt());
        if (!this.#worthRetrying(call, answer)) return answer;
        failed = { answer };
      } catch (error) {
        failed = { error };
      } finally {
        budget.retryEnded();
      }
    }
  }

  /** The wait before the next attempt, or undefined when there must be none. */
  #delayMs(call: C, failed: Failed<A>, retry: number): number | undefined {
    const { plan, random, clock, pause } = this.#parts;
    if (!call.repeatable || retry >= (call.maxAttempts ?? plan.attempts) || call.signal.aborted) {
      return undefined;
    }
    if (failed.answer === undefined && !(isReason(failed.error) && worthRetrying.has(failed.error.reason))) {
      return undefined;
    }
    const askedMs = parseRetryAfterMs(failed.answer?.retryAfter, clock.now()) ?? 0;
    const pausedMs = Math.max(askedMs, pause.remainingMs);
    // A timer may fire within the millisecond before its time: one more, so that nobody knocks too early.
    const earliestMs = pausedMs > 0 ? pausedMs + 1 : 0;
    const delayMs = Math.max(earliestMs, jitteredDelayMs(plan, retry, random()));
    return delayMs + call.latencies.typicalMs < call.deadline.remainingMs() ? delayMs : undefined;
  }

  #worthRetrying(call: C, answer: A): boolean {
    return (call.retryStatuses ?? this.#parts.plan.statuses).includes(answer.status);
  }
}

interface Failed<A> {
  readonly answer?: A;
  readonly error?: unknown;
}

function outcomeOf<A>(failed: Failed<A>): A {
  if (failed.answer !== undefined) return failed.answer;
  throw failed.error;
}

function isReason(error: unknown): error is GatewayError {
  return error instanceof GatewayError;
}
