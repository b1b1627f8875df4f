import { type Clock } from '@facet/context';
import ipaddr from 'ipaddr.js';

export interface FailureLimitOptions {
  /** Default 20. */
  readonly failures?: number;
  /** Default one minute. */
  readonly windowMs?: number;
  /** Default 10,000; then the address that failed longest ago is forgotten. */
  readonly maxAddresses?: number;
}

/**
 * Counts failed attempts per client address (IPv6 by /64): `failures` at once, then one each `windowMs / failures`.
 * One number per address: the time at which all its failures are forgiven (a generic cell rate).
 */
export class FailureLimit {
  readonly #clock: Clock;
  readonly #windowMs: number;
  readonly #costMs: number;
  readonly #maxAddresses: number;
  /** Monotonic ms. The address that failed last is last. */
  readonly #forgivenAtMs = new Map<string, number>();

  constructor(
    clock: Clock,
    { failures = 20, windowMs = 60_000, maxAddresses = 10_000 }: FailureLimitOptions = {},
  ) {
    this.#clock = clock;
    this.#windowMs = windowMs;
    this.#costMs = windowMs / failures;
    this.#maxAddresses = maxAddresses;
  }

  get size(): number {
    return this.#forgivenAtMs.size;
  }

  /** How long the address must wait before it may try again; 0: now. */
  waitMs(address: string): number {
    if (this.#forgivenAtMs.size === 0) return 0;
    const forgivenAtMs = this.#forgivenAtMs.get(network(address)) ?? 0;
    return Math.max(0, forgivenAtMs + this.#costMs - this.#windowMs - this.#clock.monotonic());
  }

  record(address: string): void {
    const key = network(address);
    const nowMs = this.#clock.monotonic();
    const forgivenAtMs = Math.max(nowMs, this.#forgivenAtMs.get(key) ?? 0) + this.#costMs;
    this.#forgivenAtMs.delete(key);
    this.#forgivenAtMs.set(key, forgivenAtMs);
    const oldest = this.#forgivenAtMs.keys().next();
    if (this.#forgivenAtMs.size > this.#maxAddresses && !oldest.done) this.#forgivenAtMs.delete(oldest.value);
  }
}

/** One subscriber has a whole /64 of IPv6 addresses. */
function network(address: string): string {
  if (!address.includes(':') || !ipaddr.IPv6.isValid(address)) return address;
  return ipaddr.IPv6.parse(address).parts.slice(0, 4).join(':');
}
