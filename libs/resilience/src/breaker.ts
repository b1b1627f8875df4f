import { type Clock } from '@facet/context';
import { GatewayError } from '@facet/errors';
import CircuitBreaker from 'opossum';
import { type Outcome } from './outcome.ts';
import { RollingWindow } from './rolling-window.ts';

export interface BreakerSettings {
  /** Judged calls there must be in the window before a rate means anything. */
  readonly volumeThreshold: number;
  /** The circuit opens when this share of the window's judged calls failed. */
  readonly errorThresholdPercentage: number;
  /** A call that took this long or longer is slow; absent: none is. */
  readonly slowCallMs?: number;
  /** The circuit opens when this share of the window's judged calls was slow. */
  readonly slowCallThresholdPercentage: number;
  readonly windowMs: number;
  /** From opening to the one probe. */
  readonly resetTimeoutMs: number;
}

export type CircuitState = 'closed' | 'half-open' | 'open';
/** What an operator may hold a circuit at; `auto` lets outcomes decide. */
export type CircuitHold = 'open' | 'closed' | 'auto';

/** Given to each admitted attempt and handed back with its outcome. */
export type BreakerTicket = number;

/**
 * One upstream's circuit breaker. opossum owns the states, their timers and events; this class only judges, because
 * opossum's own rate counts ignored and refused calls, keeps failures from before the last recovery, and lets any
 * filtered error close a half-open circuit.
 */
export class Breaker {
  /** For its events and statistics: `open`, `close`, `halfOpen`, `success`, `failure`, `reject`. */
  readonly opossum: CircuitBreaker;
  readonly #clock: Clock;
  readonly #upstream: string;
  readonly #settings: BreakerSettings;
  readonly #window: RollingWindow;
  /** Counts state changes. A ticket of an earlier one is late: what it tells is of another time. */
  #period = 0;
  #probing = false;
  #openedAtMs = 0;
  #hold: CircuitHold = 'auto';

  constructor(clock: Clock, upstream: string, settings: BreakerSettings) {
    this.#clock = clock;
    this.#upstream = upstream;
    this.#settings = settings;
    this.#window = new RollingWindow(clock, settings.windowMs);
    this.opossum = new CircuitBreaker((action: unknown) => (action as () => Promise<unknown>)(), {
      name: upstream,
      timeout: false,
      resetTimeout: settings.resetTimeoutMs,
      volumeThreshold: settings.volumeThreshold,
      errorThresholdPercentage: settings.errorThresholdPercentage,
      rollingCountTimeout: settings.windowMs,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
    });
    this.opossum.on('open', () => {
      this.#openedAtMs = this.#clock.monotonic();
      this.#enterPeriod();
    });
    this.opossum.on('halfOpen', () => this.#enterPeriod());
    this.opossum.on('close', () => {
      this.#window.clear();
      this.#enterPeriod();
    });
  }

  get state(): CircuitState {
    if (this.#hold !== 'auto') return this.#hold;
    return this.opossum.closed ? 'closed' : this.opossum.halfOpen ? 'half-open' : 'open';
  }

  get holding(): CircuitHold {
    return this.#hold;
  }

  /** Until the next probe, ms; 0 unless the circuit is open of itself. */
  get probeInMs(): number {
    if (!this.opossum.opened || this.#hold !== 'auto') return 0;
    return Math.max(0, this.#openedAtMs + this.#settings.resetTimeoutMs - this.#clock.monotonic());
  }

  /** Judged calls in the window, right now. */
  counts(): { calls: number; failures: number; slow: number } {
    this.#window.roll();
    const { calls, failures, slow } = this.#window;
    return { calls, failures, slow };
  }

  /** Lets an attempt through, or throws `upstream_unavailable` with the time to the next probe. */
  admit(): BreakerTicket {
    const admitted = this.#hold === 'auto' ? this.#admits() : this.#hold === 'closed';
    if (!admitted) throw this.#refusal();
    this.opossum.emit('fire');
    return this.#period;
  }

  /** Tells what became of an admitted attempt. */
  settle(ticket: BreakerTicket, outcome: Outcome, tookMs: number): void {
    // A late outcome is dropped: a slow success from before the circuit opened is no probe and must not close it,
    // and a late failure must not open it again after a probe has succeeded.
    if (ticket !== this.#period || this.#hold === 'open') return;
    this.#probing = false;
    if (outcome === 'ignored') return;
    const slow = tookMs >= (this.#settings.slowCallMs ?? Infinity);
    const failed = outcome === 'failure';
    this.#window.record(failed, slow);
    // opossum itself closes a half-open circuit on `success`.
    this.opossum.emit(failed ? 'failure' : 'success', undefined, tookMs);
    if (this.#hold === 'auto' && (failed || slow)) this.#judge();
  }

  /** Holds the circuit open or closed whatever comes, or, with `auto`, closes it and lets outcomes decide again. */
  hold(hold: CircuitHold): void {
    this.#hold = hold;
    if (hold === 'open') this.opossum.open();
    else this.opossum.close();
    this.#window.clear();
    this.#enterPeriod();
  }

  /** Stops opossum's timers. */
  shutdown(): void {
    this.opossum.shutdown();
  }

  #admits(): boolean {
    if (this.opossum.closed) return true;
    if (!this.opossum.halfOpen || this.#probing) return false;
    this.#probing = true;
    return true;
  }

  #judge(): void {
    const { volumeThreshold, errorThresholdPercentage, slowCallThresholdPercentage } = this.#settings;
    if (this.opossum.halfOpen) return this.opossum.open();
    const { calls, failures, slow } = this.#window;
    if (calls < volumeThreshold || !this.opossum.closed) return;
    const percentage = 100 / calls;
    if (
      failures * percentage >= errorThresholdPercentage ||
      slow * percentage >= slowCallThresholdPercentage
    ) {
      this.opossum.open();
    }
  }

  #refusal(): GatewayError {
    this.opossum.emit('reject');
    // Nobody knows how long a probe under way or an operator's hold takes; 1 s is the shortest Retry-After.
    const retryAfterMs = this.probeInMs || 1_000;
    return new GatewayError('upstream_unavailable', { upstream: this.#upstream, retryAfterMs });
  }

  #enterPeriod(): void {
    this.#period++;
    this.#probing = false;
  }
}
