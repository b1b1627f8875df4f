import { type Clock, type Deadline, type TimerHandle } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { type DoneListener } from './call-stage.ts';
import { abortReason } from './waiting.ts';

export interface BulkheadSettings {
  /** Calls under way at once, the reading of their bodies included. */
  readonly maxConcurrent: number;
  /** Calls that may wait for a place; 0: none waits. */
  readonly maxQueue: number;
}

/** How soon a refused caller may come back: places free up quickly, or the breaker takes over. */
const retryAfterMs = 1_000;

/**
 * Keeps one upstream from taking the whole gateway: so many calls at once, so many more in line, the rest refused
 * with `upstream_busy`. Who cannot be served before his deadline is not let into the line, and leaves it when the
 * deadline or his client's abort comes first.
 */
export class Bulkhead implements DoneListener {
  readonly #clock: Clock;
  readonly #upstream: string;
  readonly #settings: BulkheadSettings;
  readonly #queue = new Set<Waiter>();
  #active = 0;

  constructor(clock: Clock, upstream: string, settings: BulkheadSettings) {
    this.#clock = clock;
    this.#upstream = upstream;
    this.#settings = settings;
  }

  get active(): number {
    return this.#active;
  }

  get queued(): number {
    return this.#queue.size;
  }

  /** Takes a free place; false when there is none. */
  tryEnter(): boolean {
    if (this.#active >= this.#settings.maxConcurrent) return false;
    this.#active++;
    return true;
  }

  /**
   * Waits in line for a place.
   * @param typicalMs how long a call usually takes; 0: not known, then the line's length is no reason to refuse
   */
  enter(deadline: Deadline, signal: AbortSignal, typicalMs: number): Promise<void> {
    const { maxConcurrent, maxQueue } = this.#settings;
    const expectedWaitMs = ((this.#queue.size + 1) / maxConcurrent) * typicalMs;
    if (this.#queue.size >= maxQueue || expectedWaitMs >= deadline.remainingMs()) throw this.#busy();
    if (signal.aborted) throw abortReason(signal);
    return new Promise((resolve, reject) => {
      const waiter = new Waiter(this.#clock, signal, resolve, (error) => {
        this.#queue.delete(waiter);
        reject(error);
      });
      this.#queue.add(waiter);
      waiter.wait(deadline, () => this.#busy());
    });
  }

  /** Gives the place back; the first in line takes it over. */
  done(): void {
    const [next] = this.#queue;
    if (next === undefined) {
      this.#active--;
      return;
    }
    this.#queue.delete(next);
    next.admit();
  }

  #busy(): GatewayError {
    return new GatewayError('upstream_busy', { upstream: this.#upstream, retryAfterMs });
  }
}

class Waiter {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #resolve: () => void;
  readonly #leave: (error: GatewayError) => void;
  #timer: TimerHandle | undefined;

  constructor(clock: Clock, signal: AbortSignal, resolve: () => void, leave: (error: GatewayError) => void) {
    this.#clock = clock;
    this.#signal = signal;
    this.#resolve = resolve;
    this.#leave = leave;
  }

  wait(deadline: Deadline, busy: () => GatewayError): void {
    this.#signal.addEventListener('abort', this);
    this.#timer = this.#clock.setTimeout(() => {
      this.#signal.removeEventListener('abort', this);
      this.#leave(busy());
    }, deadline.remainingMs());
  }

  admit(): void {
    this.#stopWaiting();
    this.#resolve();
  }

  handleEvent(): void {
    this.#stopWaiting();
    this.#leave(abortReason(this.#signal));
  }

  #stopWaiting(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#signal.removeEventListener('abort', this);
  }
}
