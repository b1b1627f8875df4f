import { type Traffic } from '../overload/traffic.ts';
import { type GatewayRequest } from '../request/gateway-request.ts';

/** How often it looks; a limit shorter than four times that is looked after more often. */
const longestSweepMs = 1_000;

/**
 * Ends connections over which a request hangs without a byte in either direction. Only requests that are still open
 * when it comes round the second time get the socket's own timer: set on each request it would be wound up again with
 * every read and write of all those that are answered within milliseconds. Between requests Node's keep-alive limit
 * holds, before the first one its limit for heads.
 */
export class IdleLimit {
  readonly #traffic: Traffic;
  readonly #idleMs: number;
  #timer: NodeJS.Timeout | undefined;
  #seen: ReadonlySet<GatewayRequest> = new Set();

  constructor(traffic: Traffic, idleMs: number) {
    this.#traffic = traffic;
    this.#idleMs = idleMs;
  }

  /** On Node's own timers, as the sockets' are. */
  start(): void {
    const sweepMs = Math.min(longestSweepMs, this.#idleMs / 4);
    this.#timer = setInterval(() => this.#sweep(), sweepMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #sweep(): void {
    const open = new Set(this.#traffic.open);
    for (const request of open) if (this.#seen.has(request)) request.limitIdle(this.#idleMs);
    this.#seen = open;
  }
}
