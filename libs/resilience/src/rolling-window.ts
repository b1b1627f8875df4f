import { type Clock } from '@facet/context';

const sliceCount = 10;

/** Counts calls, failures and slow calls over the last `windowMs`, in ten slices, without timers. */
export class RollingWindow {
  readonly #clock: Clock;
  readonly #sliceMs: number;
  readonly #slices = Array.from({ length: sliceCount }, () => ({ calls: 0, failures: 0, slow: 0 }));
  #current: number;
  calls = 0;
  failures = 0;
  slow = 0;

  constructor(clock: Clock, windowMs: number) {
    this.#clock = clock;
    this.#sliceMs = windowMs / sliceCount;
    this.#current = this.#now();
  }

  record(failed: boolean, slow: boolean): void {
    this.roll();
    const slice = this.#slice(this.#current);
    slice.calls++;
    this.calls++;
    if (failed) {
      slice.failures++;
      this.failures++;
    }
    if (slow) {
      slice.slow++;
      this.slow++;
    }
  }

  /** Forgets what has left the window; counts are right only after it. */
  roll(): void {
    const now = this.#now();
    const stale = Math.min(now - this.#current, sliceCount);
    for (let step = 1; step <= stale; step++) this.#forget(this.#slice(this.#current + step));
    this.#current = now;
  }

  clear(): void {
    for (const slice of this.#slices) this.#forget(slice);
  }

  #now(): number {
    return Math.floor(this.#clock.monotonic() / this.#sliceMs);
  }

  #slice(index: number): { calls: number; failures: number; slow: number } {
    return this.#slices[index % sliceCount] as { calls: number; failures: number; slow: number };
  }

  #forget(slice: { calls: number; failures: number; slow: number }): void {
    this.calls -= slice.calls;
    this.failures -= slice.failures;
    this.slow -= slice.slow;
    slice.calls = slice.failures = slice.slow = 0;
  }
}
