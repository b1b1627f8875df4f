import { type Clock, type TimerHandle } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { type Answer, type Call, CallStage } from './call-stage.ts';
import { abortReason } from './waiting.ts';

/** A call that may share its answer. */
export interface CoalescableCall<C> extends Call {
  /**
   * Equal for calls that must get equal answers: request, identity and every field sent. Undefined: never shared.
   */
  readonly shareKey: string | undefined;
  /** The same call, given up by `signal` alone and no longer by its own client. */
  detached(signal: AbortSignal): C;
}

/**
 * Joins identical calls that are under way at once: the first is sent, the others wait for its answer. Each may leave
 * alone, by its own client or deadline; when the last has left, the upstream is aborted.
 */
export class CoalesceStage<C extends CoalescableCall<C>, A extends Answer> extends CallStage<C, A> {
  readonly #next: CallStage<C, A>;
  readonly #clock: Clock;
  readonly #upstream: string;
  readonly #flights = new Map<string, Flight<A>>();

  constructor(next: CallStage<C, A>, clock: Clock, upstream: string) {
    super();
    this.#next = next;
    this.#clock = clock;
    this.#upstream = upstream;
  }

  override async run(call: C): Promise<A> {
    const key = call.shareKey;
    if (key === undefined) return this.#next.run(call);
    if (call.signal.aborted) throw abortReason(call.signal);
    const known = this.#flights.get(key);
    const flight = known ?? this.#depart(key, call);
    try {
      return await flight.join(call, this.#clock, this.#upstream);
    } catch (error) {
      // The first caller had less time than we have: his timeout is not ours.
      if (known && isLate(error) && known.endsAtMs < call.deadline.expiresAtMs && !call.deadline.expired) {
        return this.run(call);
      }
      throw error;
    }
  }

  #depart(key: string, call: C): Flight<A> {
    const flight = new Flight<A>(call.deadline.expiresAtMs, () => this.#land(key, flight));
    this.#flights.set(key, flight);
    flight.depart((signal) => this.#next.run(call.detached(signal)));
    return flight;
  }

  #land(key: string, flight: Flight<A>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}

function isLate(error: unknown): boolean {
  return (
    error instanceof GatewayError &&
    (error.reason === 'upstream_timeout' || error.reason === 'deadline_exceeded')
  );
}

/** One call that is really sent, and those who wait for it. */
class Flight<A> {
  readonly endsAtMs: number;
  readonly #over: () => void;
  readonly #controller = new AbortController();
  readonly #waiters = new Set<Waiter<A>>();

  constructor(endsAtMs: number, over: () => void) {
    this.endsAtMs = endsAtMs;
    this.#over = over;
  }

  depart(send: (signal: AbortSignal) => Promise<A>): void {
    send(this.#controller.signal).then(
      (answer) => this.#arrive((waiter) => waiter.resolve(answer)),
      (error: unknown) => this.#arrive((waiter) => waiter.reject(error)),
    );
  }

  join(call: Call, clock: Clock, upstream: string): Promise<A> {
    return new Promise((resolve, reject) => {
      const waiter = new Waiter<A>(call, clock, upstream, {
        resolve,
        reject,
        leave: () => this.#leave(waiter),
      });
      this.#waiters.add(waiter);
    });
  }

  #leave(waiter: Waiter<A>): void {
    this.#waiters.delete(waiter);
    if (this.#waiters.size > 0) return;
    this.#over();
    this.#controller.abort(new GatewayError('client_closed_request'));
  }

  #arrive(tell: (waiter: Waiter<A>) => void): void {
    this.#over();
    for (const waiter of this.#waiters) tell(waiter);
    this.#waiters.clear();
  }
}

interface Ways<A> {
  readonly resolve: (answer: A) => void;
  readonly reject: (error: unknown) => void;
  readonly leave: () => void;
}

class Waiter<A> {
  readonly #signal: AbortSignal;
  readonly #clock: Clock;
  readonly #ways: Ways<A>;
  readonly #timer: TimerHandle;

  constructor(call: Call, clock: Clock, upstream: string, ways: Ways<A>) {
    this.#signal = call.signal;
    this.#clock = clock;
    this.#ways = ways;
    this.#signal.addEventListener('abort', this);
    this.#timer = clock.setTimeout(
      () => this.#giveUp(new GatewayError('upstream_timeout', { upstream })),
      // The flight's own timer speaks first where both mean the same moment.
      call.deadline.remainingMs() + 1,
    );
  }

  resolve(answer: A): void {
    this.#stop();
    this.#ways.resolve(answer);
  }

  reject(error: unknown): void {
    this.#stop();
    this.#ways.reject(error);
  }

  handleEvent(): void {
    this.#giveUp(abortReason(this.#signal));
  }

  #giveUp(error: GatewayError): void {
    this.reject(error);
    this.#ways.leave();
  }

  #stop(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#signal.removeEventListener('abort', this);
  }
}
