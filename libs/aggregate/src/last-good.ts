import { type Clock, systemClock } from '@facet/context';

export interface LastGoodOptions {
  /** Older copies are not shown. */
  readonly maxAgeMs: number;
  /** The copy kept longest without renewal leaves first. */
  readonly maxEntries: number;
  readonly clock?: Clock;
}

interface Copy<T> {
  readonly value: T;
  readonly keptAtMs: number;
}

/** The last good answer per key, bounded in number and age: what a screen falls back on while an upstream is away. */
export class LastGood<T> {
  readonly #copies = new Map<string, Copy<T>>();
  readonly #maxAgeMs: number;
  readonly #maxEntries: number;
  readonly #clock: Clock;

  constructor({ maxAgeMs, maxEntries, clock = systemClock }: LastGoodOptions) {
    this.#maxAgeMs = maxAgeMs;
    this.#maxEntries = maxEntries;
    this.#clock = clock;
  }

  keep(key: string, value: T): void {
    this.#copies.delete(key);
    this.#copies.set(key, { value, keptAtMs: this.#clock.monotonic() });
    if (this.#copies.size <= this.#maxEntries) return;
    const [oldest] = this.#copies.keys();
    if (oldest !== undefined) this.#copies.delete(oldest);
  }

  /** The copy, boxed so that a kept `undefined` or `null` is told from none. */
  find(key: string): { readonly value: T } | undefined {
    const copy = this.#copies.get(key);
    if (copy === undefined) return undefined;
    if (this.#clock.monotonic() - copy.keptAtMs <= this.#maxAgeMs) return copy;
    this.#copies.delete(key);
    return undefined;
  }
}
