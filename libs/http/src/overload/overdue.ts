import { type Clock, type TimerHandle } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { type GatewayRequest } from '../request/gateway-request.ts';
import { type Traffic } from './traffic.ts';

const sweepMs = 250;
/** Whoever waits for an upstream ends at the deadline itself and knows the cause better. */
const graceMs = 250;

/**
 * The net under every deadline: a request that nobody has answered by then gets its 504 here, so that a handler which
 * hangs holds no client. One timer for all; answers that have begun are left alone.
 */
export class OverdueRequests {
  readonly #traffic: Traffic;
  readonly #clock: Clock;
  readonly #fail: (request: GatewayRequest, error: GatewayError) => void;
  #timer: TimerHandle | undefined;

  constructor(traffic: Traffic, clock: Clock, fail: (request: GatewayRequest, error: GatewayError) => void) {
    this.#traffic = traffic;
    this.#clock = clock;
    this.#fail = fail;
  }

  start(): void {
    this.#timer = this.#clock.setTimeout(() => {
      const overdueBeforeMs = this.#clock.monotonic() - graceMs;
      for (const request of this.#traffic.open) {
        if (request.deadline.expiresAtMs < overdueBeforeMs && isWaiting(request)) {
          this.#fail(request, new GatewayError('deadline_exceeded'));
        }
      }
      this.start();
    }, sweepMs);
  }

  stop(): void {
    if (this.#timer) this.#clock.clearTimeout(this.#timer);
  }
}

/** A raw body may take as long as its sender: who streams it keeps the time. */
function isWaiting(request: GatewayRequest): boolean {
  return !request.hasFailed && !request.hasBegunAnswer && request.policy?.body !== 'raw';
}
