import { type Clock, type TimerHandle } from '@facet/context';
import { type Traffic } from './traffic.ts';

export interface OverloadLimits {
  /** Requests under way at which the lowest tier is turned away. Default 4,000. */
  readonly maxInFlight: number;
  /** How late timers run, several times in a row, at which the lowest tier is turned away. Default 250 ms. */
  readonly maxEventLoopDelayMs: number;
  /** How long the lowest tier waits at the door, once the door has had a line for a second. Default 500 ms. */
  readonly maxWaitMs: number;
}

export const defaultOverloadLimits: OverloadLimits = {
  maxInFlight: 4000,
  maxEventLoopDelayMs: 250,
  maxWaitMs: 500,
};

const sampleMs = 50;
/** One long task delays one sample; only a loop that stays behind delays several in a row. */
const samplesInARow = 3;
/** Relief is believed slowly: a delay that counted fades over about ten samples. */
const fading = 0.75;

/**
 * How hard the process is pressed: 0 idle, 1 at its limit, more beyond. The greater of requests under way and event
 * loop delay, each against its limit.
 */
export class Pressure {
  readonly #traffic: Traffic;
  readonly #clock: Clock;
  readonly #limits: OverloadLimits;
  /** The latest delays, newest last. */
  #samples: number[] = [];
  #delayMs = 0;
  #timer: TimerHandle | undefined;

  constructor(traffic: Traffic, clock: Clock, limits: Partial<OverloadLimits> = {}) {
    this.#traffic = traffic;
    this.#clock = clock;
    this.#limits = { ...defaultOverloadLimits, ...limits };
  }

  get level(): number {
    const { maxInFlight, maxEventLoopDelayMs } = this.#limits;
    return Math.max(this.#traffic.inFlight / maxInFlight, this.#delayMs / maxEventLoopDelayMs);
  }

  start(): void {
    const dueMs = this.#clock.monotonic() + sampleMs;
    this.#timer = this.#clock.setTimeout(() => {
      const lateMs = Math.max(0, this.#clock.monotonic() - dueMs);
      this.#samples = [...this.#samples, lateMs].slice(-samplesInARow);
      const lastingMs = this.#samples.length < samplesInARow ? 0 : Math.min(...this.#samples);
      this.#delayMs = Math.max(lastingMs, this.#delayMs * fading);
      this.start();
    }, sampleMs);
  }

  stop(): void {
    if (this.#timer) this.#clock.clearTimeout(this.#timer);
  }
}
