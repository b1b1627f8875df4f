/** Time as the family sees it; tests inject one they can move. The name is also the injection token. */
export abstract class Clock {
  /** Wall time in ms since the epoch: for dates in headers, tokens and logs. May jump. */
  abstract now(): number;
  /** Monotonic ms from an arbitrary start: for every wait, limit and deadline. Never jumps. */
  abstract monotonic(): number;
  /** Runs `callback` once after `delayMs`; the handle goes to `clearTimeout`. Does not keep the process alive. */
  abstract setTimeout(callback: () => void, delayMs: number): TimerHandle;
  abstract clearTimeout(handle: TimerHandle): void;
}

export type TimerHandle = object;

/** Asking for the wall time is a call out of compiled code: within a millisecond the last answer is as good. */
const wallHoldsMs = 1;

class SystemClock extends Clock {
  #wallMs = 0;
  #wallAskedAtMs = -Infinity;

  override now(): number {
    const nowMs = performance.now();
    if (nowMs - this.#wallAskedAtMs >= wallHoldsMs) {
      this.#wallMs = Date.now();
      this.#wallAskedAtMs = nowMs;
    }
    return this.#wallMs;
  }
  override monotonic(): number {
    return performance.now();
  }
  override setTimeout(callback: () => void, delayMs: number): TimerHandle {
    return setTimeout(callback, delayMs).unref();
  }
  override clearTimeout(handle: TimerHandle): void {
    clearTimeout(handle as NodeJS.Timeout);
  }
}

/** The machine's own time. */
export const systemClock: Clock = new SystemClock();
