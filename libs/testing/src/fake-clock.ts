import { Clock, type TimerHandle } from '@facet/context';

interface FakeTimer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/** A clock that moves only when told. `advance` fires timers in order and lets promises settle between them. */
export class FakeClock extends Clock {
  #wallMs: number;
  #monotonicMs = 0;
  readonly #timers = new Set<FakeTimer>();

  constructor(wallMs = Date.UTC(2026, 0, 1)) {
    super();
    this.#wallMs = wallMs;
  }

  override now(): number {
    return this.#wallMs;
  }

  override monotonic(): number {
    return this.#monotonicMs;
  }

  override setTimeout(callback: () => void, delayMs: number): TimerHandle {
    const timer = { dueMs: this.#monotonicMs + delayMs, callback };
    this.#timers.add(timer);
    return timer;
  }

  override clearTimeout(handle: TimerHandle): void {
    this.#timers.delete(handle as FakeTimer);
  }

  /** Timers not yet fired or cleared: a test may ask that none is left. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** The wall clock alone jumps, as when somebody sets it. */
  jumpWallTo(wallMs: number): void {
    this.#wallMs = wallMs;
  }

  /** Moves both scales by `ms`, firing what falls due on the way. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#monotonicMs + ms;
    for (let next = this.#nextDue(endMs); next; next = this.#nextDue(endMs)) {
      this.#timers.delete(next);
      this.#moveTo(next.dueMs);
      next.callback();
      await settled();
    }
    this.#moveTo(endMs);
    await settled();
  }

  #moveTo(monotonicMs: number): void {
    this.#wallMs += monotonicMs - this.#monotonicMs;
    this.#monotonicMs = monotonicMs;
  }

  #nextDue(endMs: number): FakeTimer | undefined {
    let next: FakeTimer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs <= endMs && (next === undefined || timer.dueMs < next.dueMs)) next = timer;
    }
    return next;
  }
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
