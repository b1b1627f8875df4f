import { type Clock } from '@facet/context';

export interface AllowanceSize {
  readonly burst: number;
  readonly perSecond: number;
}

/** How often something may happen: `burst` times at once, `perSecond` in the long run. */
export class Allowance {
  readonly #size: AllowanceSize;
  readonly #clock: Clock;
  #used = 0;
  #sinceMs: number;

  constructor(size: AllowanceSize, clock: Clock) {
    this.#size = size;
    this.#clock = clock;
    this.#sinceMs = clock.monotonic();
  }

  /** Takes one; false when there is none left. */
  take(): boolean {
    const nowMs = this.#clock.monotonic();
    const regained = ((nowMs - this.#sinceMs) / 1000) * this.#size.perSecond;
    this.#sinceMs = nowMs;
    this.#used = Math.max(0, this.#used - regained) + 1;
    return this.#used <= this.#size.burst;
  }
}
