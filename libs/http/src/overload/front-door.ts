import { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Clock, type KnownTiers, tiers } from '@facet/context';
import { hasCredential } from '../request/credentials.ts';
import { isHealth } from './is-health.ts';
import { Lane, type Waiting } from './lane.ts';
import { defaultOverloadLimits, type OverloadLimits } from './pressure.ts';
import { endurance } from './shedding.ts';
import { type Traffic } from './traffic.ts';

type Serve = (request: IncomingMessage, response: ServerResponse) => void;

/** So few that what was begun is carried on with before the next turn's; so many that a turn's own cost is nothing. */
const admittedPerTurn = 16;
/** A refusal costs a third of an answer, and who is refused comes back at once: they get a small share, no more. */
const refusedPerTurn = 2;
/** A line that lasts longer is no burst. */
const burstMs = 1000;
/** Bounds what one client can pipeline; connections are bounded elsewhere. */
const maxWaiting = 16_384;

/**
 * Lets so many requests in per turn of the event loop; the rest wait in front of everything, where a request costs
 * least. What is begun costs memory until it is answered, and a process that begins all at once spends its time
 * copying it. In order of arrival while the line is short. When it has lasted: the highest tier first, and from the
 * lowest on those who have waited for too long are handed in only to be refused, few at a time. Tiers are guessed from
 * credentials seen before; one place a turn is kept for those not seen yet. Health never waits.
 */
export class FrontDoor {
  /** Of the request that is being handed in: when it came; undefined: just now. */
  arrivedAtMs: number | undefined = undefined;
  /** Of the request that is being handed in: refuse it, as of this tier. */
  refusedAs: string | undefined = undefined;
  readonly #clock: Clock;
  readonly #knownTiers: KnownTiers;
  readonly #traffic: Traffic;
  readonly #nextTurn: (turn: () => void) => void;
  /** Everybody who waits, until it matters who they are. */
  readonly #line: Lane;
  /** Highest tier first; filled under pressure only. */
  readonly #lanes: readonly Lane[];
  readonly #byTier: ReadonlyMap<string, Lane>;
  readonly #unknown: Lane;
  readonly #anonymous: Lane;
  #serve: Serve | undefined;
  #admitted = 0;
  #isTurnComing = false;
  #lineSinceMs = 0;
  /** How many wait in lanes. */
  #sorted = 0;

  /** @param nextTurn runs its argument in the next turn of the event loop */
  constructor(
    { clock, knownTiers, traffic }: { clock: Clock; knownTiers: KnownTiers; traffic: Traffic },
    limits: Partial<OverloadLimits> = {},
    nextTurn: (turn: () => void) => void = setImmediate,
  ) {
    this.#clock = clock;
    this.#knownTiers = knownTiers;
    this.#traffic = traffic;
    this.#nextTurn = nextTurn;
    const { maxWaitMs } = { ...defaultOverloadLimits, ...limits };
    this.#line = new Lane('', maxWaitMs);
    const paying = tiers.map((tier) => new Lane(tier, maxWaitMs * endurance[tier])).reverse();
    this.#byTier = new Map(paying.map((lane) => [lane.name, lane]));
    this.#unknown = new Lane('unknown', maxWaitMs);
    this.#anonymous = new Lane('anonymous', maxWaitMs);
    this.#lanes = [...paying, this.#unknown, this.#anonymous];
  }

  /** Puts the door between a server and whatever serves its requests now. */
  guard(server: Server): void {
    const [serve, ...others] = server.listeners('request') as Serve[];
    if (serve === undefined || others.length > 0) throw new Error('a server has one listener for requests');
    this.#serve = serve;
    server.removeListener('request', serve);
    server.on('request', (request, response) => this.#receive(request, response));
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    if (this.#traffic.waiting === 0 && this.#admitted < admittedPerTurn) {
      this.#admitted++;
      this.#comeAgain();
      this.#serve?.(request, response);
    } else if (isHealth(request)) this.#serve?.(request, response);
    else this.#wait(request, response);
  }

  #wait(request: IncomingMessage, response: ServerResponse): void {
    const arrivedAtMs = this.#clock.monotonic();
    const waiting = { request, response, arrivedAtMs };
    if (this.#traffic.waiting >= maxWaiting) return this.#handIn(waiting, this.#laneOf(request).name);
    if (this.#traffic.waiting === 0) this.#lineSinceMs = arrivedAtMs;
    this.#traffic.wait();
    this.#line.push(waiting);
  }

  #laneOf({ headers }: IncomingMessage): Lane {
    if (!hasCredential(headers)) return this.#anonymous;
    return this.#byTier.get(this.#knownTiers.of(headers) ?? '') ?? this.#unknown;
  }

  #comeAgain(): void {
    if (this.#isTurnComing) return;
    this.#isTurnComing = true;
    this.#nextTurn(this.#turn);
  }

  readonly #turn = (): void => {
    this.#isTurnComing = false;
    this.#admitted = 0;
    if (this.#traffic.waiting === 0) return;
    this.#comeAgain();
    const nowMs = this.#clock.monotonic();
    if (this.#isPressed(nowMs)) this.#servePressed(nowMs);
    else while (this.#admitted < admittedPerTurn && this.#admit(this.#oldest()));
  };

  #isPressed(nowMs: number): boolean {
    if (nowMs - this.#lineSinceMs < burstMs) return false;
    if (isOverdue(this.#line, nowMs)) this.#sort();
    return this.#lanes.some((lane) => isOverdue(lane, nowMs));
  }

  #sort(): void {
    for (let next = this.#line.shift(); next !== undefined; next = this.#line.shift()) {
      this.#laneOf(next.request).push(next);
      this.#sorted++;
    }
  }

  #servePressed(nowMs: number): void {
    this.#sort();
    this.#admit(this.#unknown);
    for (const lane of this.#lanes) while (this.#admitted < admittedPerTurn && this.#admit(lane));
    let refused = 0;
    for (let index = this.#lanes.length - 1; index >= 0; index--) {
      const lane = this.#lanes[index];
      while (lane !== undefined && refused < refusedPerTurn && isOverdue(lane, nowMs)) {
        this.#take(lane, lane.name);
        refused++;
      }
    }
  }

  #oldest(): Lane {
    if (this.#sorted === 0) return this.#line;
    return this.#lanes.reduce((oldest, lane) => (lane.since < oldest.since ? lane : oldest), this.#line);
  }

  /** Whether there was one. */
  #admit(lane: Lane): boolean {
    if (!this.#take(lane)) return false;
    this.#admitted++;
    return true;
  }

  #take(lane: Lane, refusedAs?: string): boolean {
    const first = lane.shift();
    if (first === undefined) return false;
    if (lane !== this.#line) this.#sorted--;
    this.#traffic.stopWaiting();
    // Who has left meanwhile costs nothing more, and is in no log: nothing was done for him.
    if (!hasLeft(first)) this.#handIn(first, refusedAs);
    return true;
  }

  #handIn({ request, response, arrivedAtMs }: Waiting, refusedAs: string | undefined): void {
    this.arrivedAtMs = arrivedAtMs;
    this.refusedAs = refusedAs;
    try {
      this.#serve?.(request, response);
    } finally {
      this.arrivedAtMs = undefined;
      this.refusedAs = undefined;
    }
  }
}

function isOverdue({ since, patienceMs }: Lane, nowMs: number): boolean {
  return nowMs - since >= patienceMs;
}

function hasLeft({ request, response }: Waiting): boolean {
  return request.socket.destroyed || response.destroyed;
}
