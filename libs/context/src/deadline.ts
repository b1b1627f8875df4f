import { type Clock } from './clock.ts';

/**
 * The one absolute end of a request, made once when it arrives. Every wait takes the smaller of its own limit and
 * what is left here.
 */
export class Deadline {
  readonly #clock: Clock;
  /** On the clock's monotonic scale, ms. */
  readonly expiresAtMs: number;

  constructor(clock: Clock, expiresAtMs: number) {
    this.#clock = clock;
    this.expiresAtMs = expiresAtMs;
  }

  /** A deadline `durationMs` from now. */
  static after(clock: Clock, durationMs: number): Deadline {
    return new Deadline(clock, clock.monotonic() + durationMs);
  }

  /** What is left in ms, 0 once passed. */
  remainingMs(): number {
    return Math.max(0, this.expiresAtMs - this.#clock.monotonic());
  }

  get expired(): boolean {
    return this.remainingMs() === 0;
  }

  /** This deadline, or `limitMs` from now when that comes first. */
  within(limitMs: number): Deadline {
    const limit = this.#clock.monotonic() + limitMs;
    return limit < this.expiresAtMs ? new Deadline(this.#clock, limit) : this;
  }
}
