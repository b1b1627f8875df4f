import { type Clock } from '@facet/context';

/** Retries a quiet upstream can always have at once; a spent one comes back each second. */
const reserve = 3;
const reserveReturnMs = 1_000;
/** Most retries that calls gone well can save up, however few are live: bursts of bad luck are normal. */
const savings = 10;

/**
 * How many retries the calls of one upstream may have together, so that retrying a failing upstream can't multiply
 * its load. Each call earns a share of a retry, no more is saved up than that share of the live calls, and a small
 * reserve is there for quiet times. Counting retries under way would not do: those that wait would starve the rest
 * when few fail, and short ones would pass unlimited when all do.
 */
export class RetryBudget {
  readonly #clock: Clock;
  readonly #share: number;
  #balance = reserve;
  #checkedAtMs: number;
  #live = 0;
  #retrying = 0;

  /** @param share retries per call; 0.2 keeps upstream requests at 1.2 per client request */
  constructor(clock: Clock, share = 0.2) {
    this.#clock = clock;
    this.#share = share;
    this.#checkedAtMs = clock.monotonic();
  }

  /** Calls under way. */
  get live(): number {
    return this.#live;
  }

  /** Retries under way, waiting ones included. */
  get retrying(): number {
    return this.#retrying;
  }

  callStarted(): void {
    this.#live++;
    const most = Math.max(savings, this.#share * this.#live);
    this.#balance = Math.min(most, this.#balance + this.#share);
  }

  callEnded(): void {
    this.#live--;
  }

  /** Takes one retry from the budget; true must be followed by `retryEnded()`. */
  tryRetry(): boolean {
    this.#returnReserve();
    // Shares are fractions: what is within a rounding error of a whole retry is one.
    if (this.#balance < 1 - 1e-9) return false;
    this.#balance -= 1;
    this.#retrying++;
    return true;
  }

  retryEnded(): void {
    this.#retrying--;
  }

  #returnReserve(): void {
    const nowMs = this.#clock.monotonic();
    const returned = (nowMs - this.#checkedAtMs) / reserveReturnMs;
    this.#checkedAtMs = nowMs;
    if (this.#balance < reserve) this.#balance = Math.min(reserve, this.#balance + returned);
  }
}
