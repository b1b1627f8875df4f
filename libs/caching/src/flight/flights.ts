import { type Clock } from '@facet/context';
import { type CachePolicy } from '../cache-policy.ts';
import { type CacheRequest, type Origin } from '../exchange-types.ts';
import { type Place, type Shelves } from '../shelves.ts';
import { BufferBudget } from './buffer-budget.ts';
import { Exchange, type Shelf } from './exchange.ts';
import { Flight } from './flight.ts';
import { TimedMarks } from './timed-marks.ts';

export interface FlightsOptions {
  readonly clock: Clock;
  /** Longer answers are passed on and not stored. Default 2 MiB. */
  readonly maxEntryBytes?: number;
  /** Bytes of all answers on their way into the store; beyond them answers are passed on. Default 32 MiB. */
  readonly maxBufferedBytes?: number;
  /** For so long requests don't wait for one another after an answer that could not be shared. Default 10 s. */
  readonly hitForMissMs?: number;
}

/** What an exchange is made of. */
export interface Trip {
  readonly request: CacheRequest;
  readonly policy: CachePolicy;
  readonly origin: Origin;
  readonly place: Place;
  readonly labels: readonly string[];
  /** The client's own conditions go along: there is nothing stored to judge them by. */
  readonly keepConditions: boolean;
}

/** A background attempt that brought nothing is not repeated before. */
const refreshPauseMs = 1_000;

/** The exchanges under way: who may wait for which, and which of them may still be stored. */
export class Flights {
  readonly #clock: Clock;
  readonly #shelves: Shelves;
  readonly #maxEntryBytes: number;
  readonly #budget: BufferBudget;
  readonly #all = new Set<Flight>();
  readonly #shared = new Map<string, Flight>();
  /** Places whose answers lately could not be shared. */
  readonly #unshared: TimedMarks;
  readonly #refreshed: TimedMarks;

  constructor(shelves: Shelves, options: FlightsOptions) {
    this.#clock = options.clock;
    this.#shelves = shelves;
    this.#maxEntryBytes = options.maxEntryBytes ?? 2 * 1024 * 1024;
    this.#budget = new BufferBudget(options.maxBufferedBytes ?? 32 * 1024 * 1024);
    this.#unshared = new TimedMarks(options.clock, options.hitForMissMs ?? 10_000);
    this.#refreshed = new TimedMarks(options.clock, refreshPauseMs);
  }

  /** The flight to wait for. */
  at({ key }: Place): Flight | undefined {
    return this.#shared.get(key);
  }

  /** Waiting for one another is of no use here for a while. */
  isUnshared({ key }: Place): boolean {
    return this.#unshared.has(key);
  }

  /** @param shared others may wait for it */
  start(trip: Trip, shared: boolean): Flight {
    return this.#start(trip, shared, false);
  }

  /** Asks the origin anew while clients get the stale answer: one at a time, for nobody in particular. */
  refresh(trip: Trip): void {
    const { key } = trip.place;
    if (this.#shared.has(key) || this.#refreshed.has(key)) return;
    this.#refreshed.add(key);
    this.#start(trip, true, true);
  }

  /** What is on its way under this label will not be stored, and nobody else waits for it. */
  outdate(label: string): void {
    for (const flight of this.#all) {
      if (!flight.labels.includes(label)) continue;
      flight.outdated = true;
      this.#close(flight);
    }
  }

  #start(trip: Trip, shared: boolean, background: boolean): Flight {
    const takeoff = (signal: AbortSignal, flight: Flight) =>
      this.#exchange(trip, flight, background).run(signal);
    const { key } = trip.place;
    const flight = new Flight(takeoff, {
      clock: this.#clock,
      key,
      labels: trip.labels,
      unattended: background,
      endsAtMs: trip.request.deadline?.expiresAtMs ?? Infinity,
    });
    this.#all.add(flight);
    if (shared) this.#shared.set(key, flight);
    flight.whenLanded((landing) => {
      if (landing?.kind === 'passing' && shared) this.#unshared.add(key);
      if (landing?.kind !== 'storing' || Buffer.isBuffer(landing.body)) this.#close(flight);
    });
    return flight;
  }

  #exchange(trip: Trip, flight: Flight, background: boolean): Exchange {
    return new Exchange({
      ...trip,
      stored: trip.place.stored,
      background,
      clock: this.#clock,
      budget: this.#budget,
      maxEntryBytes: this.#maxEntryBytes,
      shelf: this.#shelf(trip, flight),
    });
  }

  #shelf({ request, place }: Trip, flight: Flight): Shelf {
    return {
      put: async (stored) => {
        if (!flight.outdated) {
          const key = await this.#shelves.put(stored, request, place);
          // A change may have come while it was being written.
          if (flight.outdated) await this.#shelves.drop(key);
          this.#unshared.delete(place.key);
        }
        this.#close(flight);
      },
      drop: () => this.#shelves.drop(place.key),
      giveUp: (tooLarge) => {
        if (tooLarge) this.#unshared.add(place.key);
        this.#close(flight);
      },
    };
  }

  #close(flight: Flight): void {
    this.#all.delete(flight);
    if (this.#shared.get(flight.key) === flight) this.#shared.delete(flight.key);
  }
}
