import { type Clock, type TimerHandle } from '@facet/context';

/** Something that has an end. In one line at a time. */
export abstract class Expiring {
  /** Monotonic ms. */
  expiresAtMs = 0;
  before: Expiring | undefined = undefined;
  after: Expiring | undefined = undefined;
  line: ExpiryLine | undefined = undefined;

  /** The time is over; it has left the line. */
  abstract expired(): void;
}

/**
 * Ends of things that mostly last equally long, with one timer for all of them: a timer for each would cost more than
 * all else that is done to watch over a call. First to end first; who comes last mostly ends last.
 */
export class ExpiryLine {
  readonly #clock: Clock;
  #first: Expiring | undefined;
  #last: Expiring | undefined;
  #timer: TimerHandle | undefined;
  #timerAtMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(one: Expiring): void {
    let before = this.#last;
    while (before !== undefined && before.expiresAtMs > one.expiresAtMs) before = before.before;
    const after = before === undefined ? this.#first : before.after;
    one.before = before;
    one.after = after;
    one.line = this;
    if (after === undefined) this.#last = one;
    else after.before = one;
    if (before !== undefined) before.after = one;
    else {
      this.#first = one;
      if (this.#timer === undefined || one.expiresAtMs < this.#timerAtMs) this.#arm(one.expiresAtMs);
    }
  }

  /** Who is not in this line is left alone. */
  remove(one: Expiring): void {
    if (one.line !== this) return;
    const { before, after } = one;
    one.line = undefined;
    // What is over points at nothing: old ones would keep young ones from being collected.
    one.before = undefined;
    one.after = undefined;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    if (this.#first === undefined) this.#disarm();
  }

  #arm(atMs: number): void {
    this.#disarm();
    this.#timerAtMs = atMs;
    this.#timer = this.#clock.setTimeout(this.#expire, Math.max(0, atMs - this.#clock.monotonic()));
  }

  #disarm(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  readonly #expire = (): void => {
    this.#timer = undefined;
    // A timer may fire within the millisecond before its time.
    const dueMs = this.#clock.monotonic() + 1;
    for (let first = this.#first; first !== undefined && first.expiresAtMs < dueMs; first = this.#first) {
      this.remove(first);
      first.expired();
    }
    if (this.#first !== undefined && this.#timer === undefined) this.#arm(this.#first.expiresAtMs);
  };
}
