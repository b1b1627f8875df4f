import { type IncomingMessage, type ServerResponse } from 'node:http';

/** A request that nobody has looked into yet. */
export interface Waiting {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Monotonic ms. */
  readonly arrivedAtMs: number;
}

/** How many emptied places are worth moving the others up. */
const worthMoving = 1024;

/** First in, first out; taking the first moves nobody. */
export class Lane {
  /** For logs and metrics: the tier, or `unknown`. */
  readonly name: string;
  /** How long one waits here under pressure, ms. */
  readonly patienceMs: number;
  #places: (Waiting | undefined)[] = [];
  #head = 0;

  constructor(name: string, patienceMs: number) {
    this.name = name;
    this.patienceMs = patienceMs;
  }

  /** Monotonic ms at which the first one came; infinite when there is none. */
  get since(): number {
    return this.#places[this.#head]?.arrivedAtMs ?? Number.POSITIVE_INFINITY;
  }

  push(waiting: Waiting): void {
    this.#places.push(waiting);
  }

  shift(): Waiting | undefined {
    const first = this.#places[this.#head];
    if (first === undefined) return undefined;
    this.#places[this.#head++] = undefined;
    if (this.#head === this.#places.length || this.#head === worthMoving) {
      this.#places = this.#places.slice(this.#head);
      this.#head = 0;
    }
    return first;
  }
}
