import { type Clock } from '@facet/context';

/** Remembers keys for a while; past `maxKeys` the oldest are forgotten. */
export class TimedMarks {
  readonly #clock: Clock;
  readonly #durationMs: number;
  readonly #maxKeys: number;
  readonly #untilMs = new Map<string, number>();

  constructor(clock: Clock, durationMs: number, maxKeys = 10_000) {
    this.#clock = clock;
    this.#durationMs = durationMs;
    this.#maxKeys = maxKeys;
  }

  add(key: string): void {
    this.#untilMs.delete(key);
    this.#untilMs.set(key, this.#clock.monotonic() + this.#durationMs);
    if (this.#untilMs.size <= this.#maxKeys) return;
    for (const oldest of this.#untilMs.keys()) {
      this.#untilMs.delete(oldest);
      return;
    }
  }

  delete(key: string): void {
    if (this.#untilMs.size > 0) this.#untilMs.delete(key);
  }

  has(key: string): boolean {
    const untilMs = this.#untilMs.get(key);
    if (untilMs === undefined) return false;
    if (untilMs > this.#clock.monotonic()) return true;
    this.#untilMs.delete(key);
    return false;
  }
}
