/** When a failed attempt is made again. */
export interface RetryPlan {
  /** Attempts at most, the first included. */
  readonly attempts: number;
  /** Bound of the first wait, ms; it doubles with each retry. */
  readonly baseDelayMs: number;
  /** No bound grows over this, ms. */
  readonly maxDelayMs: number;
  /** Statuses worth another attempt. */
  readonly statuses: readonly number[];
}

/** Bound of the wait before retry `retry` (1 is the first), ms. */
export function delayBoundMs(plan: RetryPlan, retry: number): number {
  return Math.min(plan.maxDelayMs, plan.baseDelayMs * 2 ** (retry - 1));
}

/**
 * Full jitter: anywhere between nothing and the bound, so that callers who failed together don't return together.
 * @param random 0 <= random < 1
 */
export function jitteredDelayMs(plan: RetryPlan, retry: number, random: number): number {
  return random * delayBoundMs(plan, retry);
}

/** The longest a plan can take when every attempt uses its whole limit, ms. */
export function longestPlanMs(plan: RetryPlan, attemptMs: number): number {
  let totalMs = plan.attempts * attemptMs;
  for (let retry = 1; retry < plan.attempts; retry++) totalMs += delayBoundMs(plan, retry);
  return totalMs;
}
