import { type Clock, type Deadline } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { discard } from './discard.ts';
import { type Landing } from './landing.ts';

/** Runs an exchange under a signal that aborts when nobody waits any more. */
export type Takeoff = (signal: AbortSignal, flight: Flight) => Promise<Landing>;

export interface FlightOptions {
  readonly clock: Clock;
  readonly key: string;
  readonly labels: readonly string[];
  /** The client has its answer already: nothing is aborted when nobody waits. */
  readonly unattended: boolean;
  /** When its owner gives up at the latest, on the clock's monotonic scale. */
  readonly endsAtMs: number;
}

/** Who waits. */
export interface Passenger {
  readonly signal: AbortSignal;
  readonly deadline?: Deadline;
}

/** One exchange with the origin and everyone who waits for it. */
export class Flight {
  readonly key: string;
  readonly labels: readonly string[];
  readonly endsAtMs: number;
  /** What it brings was made before a change of the same URI: it may be passed on, but not stored. */
  outdated = false;
  readonly #clock: Clock;
  readonly #unattended: boolean;
  readonly #controller = new AbortController();
  readonly #landing: Promise<Landing>;
  #waiting = 0;
  #landed = false;
  #ownerGone: boolean;

  constructor(takeoff: Takeoff, { clock, key, labels, unattended, endsAtMs }: FlightOptions) {
    this.#clock = clock;
    this.key = key;
    this.endsAtMs = endsAtMs;
    this.labels = labels;
    this.#unattended = unattended;
    this.#ownerGone = unattended;
    this.#landing = takeoff(this.#controller.signal, this).finally(() => (this.#landed = true));
    this.whenLanded((landing) => landing && this.#discardUnowned(landing));
  }

  /** Called once, with nothing when the exchange failed. */
  whenLanded(listener: (landing: Landing | undefined) => void): void {
    void this.#landing.then(listener, () => listener(undefined));
  }

  /** Waits for the landing as the one whose request it is: it ends by its own limits. */
  async board({ signal }: Passenger): Promise<Landing> {
    return await this.#wait(signal, () => (this.#ownerGone = true));
  }

  /** Waits for the landing of another's request, until the deadline at most. */
  async join({ signal, deadline }: Passenger): Promise<Landing> {
    const late = new AbortController();
    const timer =
      deadline &&
      this.#clock.setTimeout(() => late.abort(new GatewayError('deadline_exceeded')), deadline.remainingMs());
    try {
      return await this.#wait(timer ? AbortSignal.any([signal, late.signal]) : signal, () => undefined);
    } finally {
      if (timer) this.#clock.clearTimeout(timer);
    }
  }

  async #wait(signal: AbortSignal, onLeave: () => void): Promise<Landing> {
    const gone = Promise.withResolvers<never>();
    const leave = () => {
      onLeave();
      gone.reject(signal.reason instanceof GatewayError ? signal.reason : clientGone());
    };
    this.#waiting++;
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([this.#landing, gone.promise]);
    } finally {
      signal.removeEventListener('abort', leave);
      this.#waiting--;
      if (this.#waiting === 0 && !this.#landed && !this.#unattended) this.#controller.abort(clientGone());
    }
  }

  /** An answer for its owner alone is nobody's once the owner has left. */
  #discardUnowned(landing: Landing): void {
    if (landing.kind === 'passing' && this.#ownerGone) discard(landing.response);
  }
}

function clientGone(): GatewayError {
  return new GatewayError('client_closed_request');
}
