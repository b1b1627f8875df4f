import { Clock, systemClock, type TimerHandle } from '@facet/context';

/** Real timers under a time that the test moves: buckets don't refill and answers don't age by themselves. */
export class StoppedClock extends Clock {
  readonly #startedAtMs = systemClock.now();
  #passedMs = 0;

  /** Both scales; timers are not fired by it. */
  advance(ms: number): void {
    this.#passedMs += ms;
  }

  override now(): number {
    return this.#startedAtMs + this.#passedMs;
  }
  override monotonic(): number {
    return this.#passedMs;
  }
  override setTimeout(callback: () => void, delayMs: number): TimerHandle {
    return systemClock.setTimeout(callback, delayMs);
  }
  override clearTimeout(handle: TimerHandle): void {
    systemClock.clearTimeout(handle);
  }
}
