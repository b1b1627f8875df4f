import { type Clock } from '@facet/context';
import { type Answer } from './call-stage.ts';
import { parseRetryAfterMs } from './retry-after.ts';

/**
 * Until when one upstream asked to be left alone, for the whole instance: the latest `Retry-After` of any of its
 * 503s. A 429 does not count: it speaks of one caller, not of the upstream.
 */
export class Pause {
  readonly #clock: Clock;
  readonly #maxPauseMs: number;
  #endsAtMs = -Infinity;

  /** @param maxPauseMs longer wishes are cut to this, so that one answer can't silence an upstream for hours */
  constructor(clock: Clock, maxPauseMs: number) {
    this.#clock = clock;
    this.#maxPauseMs = maxPauseMs;
  }

  /** 0 when there is none. */
  get remainingMs(): number {
    // Most upstreams never ask for time: then the clock need not be asked either.
    return this.#endsAtMs === -Infinity ? 0 : Math.max(0, this.#endsAtMs - this.#clock.monotonic());
  }

  /** Takes note of what an answer asks for. */
  heed(answer: Pick<Answer, 'status' | 'retryAfter'>): void {
    // The status first: looking the field up is not for nothing.
    if (answer.status !== 503) return;
    const askedMs = parseRetryAfterMs(answer.retryAfter, this.#clock.now());
    if (askedMs === undefined) return;
    const endsAtMs = this.#clock.monotonic() + Math.min(askedMs, this.#maxPauseMs);
    this.#endsAtMs = Math.max(this.#endsAtMs, endsAtMs);
  }
}
