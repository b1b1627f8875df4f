import { type Clock } from '@facet/context';
import { type Claim } from '../throttle.store.ts';

/** Requests admitted locally that the shared bucket has not seen. */
export interface Debt {
  readonly requests: number;
  /** Since the last of them, µs. */
  readonly ageUs: number;
}

interface Entry {
  requests: number;
  lastUs: number;
  /** After that the bucket would be full again: nothing is owed. */
  readonly forgottenAfterUs: number;
}

/**
 * What this instance admitted while Redis was away, per bucket: charged to the shared bucket at the first request
 * after its return, as if all had come with the last of them. At most `maxDebts`; more are forgiven.
 */
export class Debts {
  readonly #clock: Clock;
  readonly #maxDebts: number;
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock, maxDebts = 100_000) {
    this.#clock = clock;
    this.#maxDebts = maxDebts;
  }

  owe(claim: Claim): void {
    this.#add(claim, 1, this.#nowUs());
  }

  /** Hands the debt over, if there is one; it is no longer kept. */
  collect(claim: Claim): Debt | undefined {
    // The usual case by far: no outage, nothing to look up.
    if (this.#entries.size === 0) return undefined;
    const id = idOf(claim);
    const entry = this.#entries.get(id);
    if (entry === undefined) return undefined;
    this.#entries.delete(id);
    this.#forgetOldest();
    return { requests: entry.requests, ageUs: this.#nowUs() - entry.lastUs };
  }

  /** The charge did not arrive. */
  giveBack(claim: Claim, debt: Debt | undefined): void {
    if (debt !== undefined) this.#add(claim, debt.requests, this.#nowUs() - debt.ageUs);
  }

  #add(claim: Claim, requests: number, atUs: number): void {
    const id = idOf(claim);
    const { rate } = claim.limit;
    const entry = this.#entries.get(id);
    if (entry !== undefined) {
      entry.requests += requests;
      entry.lastUs = Math.max(entry.lastUs, atUs);
      return;
    }
    this.#forgetOldest();
    if (this.#entries.size >= this.#maxDebts) return;
    this.#entries.set(id, { requests, lastUs: atUs, forgottenAfterUs: rate.capacity / rate.refill });
  }

  /** Debts nobody came back for go two at a time: no sweep. */
  #forgetOldest(): void {
    const nowUs = this.#nowUs();
    let looked = 0;
    for (const [id, { lastUs, forgottenAfterUs }] of this.#entries) {
      if (++looked > 2) return;
      if (nowUs - lastUs > forgottenAfterUs) this.#entries.delete(id);
    }
  }

  #nowUs(): number {
    return Math.floor(this.#clock.monotonic() * 1000);
  }
}

function idOf({ limit, key }: Claim): string {
  return `${limit.serial}:${key}`;
}
