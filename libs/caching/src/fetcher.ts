import { GatewayError } from '@facet/errors';
import { type CacheRequest, type CacheResponse } from './exchange-types.ts';
import { type Errand } from './errand.ts';
import { type Flight } from './flight/flight.ts';
import { type Flights } from './flight/flights.ts';
import { type Landing } from './flight/landing.ts';
import { type Replies } from './replies.ts';
import { variantOf } from './rules/vary.ts';
import { type Place, type Shelves } from './shelves.ts';

/** How often a request that can't share what it waited for looks for another to wait for, before it goes alone. */
const maxFollowed = 3;

/**
 * Gets answers from the origin, one exchange for all who ask the same at the same time. Where an answer turns out to
 * be for one client alone, the others go on their own, side by side.
 */
export class Fetcher {
  readonly #flights: Flights;
  readonly #shelves: Shelves;
  readonly #replies: Replies;

  constructor(flights: Flights, shelves: Shelves, replies: Replies) {
    this.#flights = flights;
    this.#shelves = shelves;
    this.#replies = replies;
  }

  async fetch(errand: Errand): Promise<CacheResponse> {
    const { request, wishes } = errand;
    // Who wants the origin's word now doesn't take one that was asked for earlier; HEAD brings nothing to share.
    if (request.method !== 'GET' || wishes.noCache) return await this.#fly(errand, false);
    let place = errand.place;
    for (let followed = 0; followed < maxFollowed && !this.#flights.isUnshared(place); followed++) {
      const flight = this.#flights.at(place);
      // A client's own condition may bring a 304, which serves nobody else.
      if (!flight) return await this.#fly({ ...errand, place }, wishes.plain || !errand.keepConditions);
      const next = await this.#follow(flight, { ...errand, place });
      if (next === undefined) break;
      if ('status' in next) return next;
      place = next;
    }
    return await this.#fly({ ...errand, place }, false);
  }

  async #fly(errand: Errand, shared: boolean): Promise<CacheResponse> {
    const { request, wishes, fwd } = errand;
    const landing = await this.#flights.start(errand, shared).board(request);
    switch (landing.kind) {
      case 'stored':
        return this.#replies.landed(landing, request, wishes, { fwd });
      case 'storing':
        return this.#replies.storing(landing, wishes, { fwd });
      case 'passing':
        return this.#replies.passed(landing.response, 'miss', { fwd });
    }
  }

  /** @returns the answer; or where to look for it; or undefined: go alone */
  async #follow(flight: Flight, errand: Errand): Promise<CacheResponse | Place | undefined> {
    const { request, wishes, place } = errand;
    const forwarding = { fwd: errand.fwd, collapsed: true };
    let landing: Landing;
    try {
      landing = await flight.join(request);
    } catch (error) {
      if (request.signal.aborted || concerns(error, flight, request)) throw error;
      return place;
    }
    if (landing.kind === 'passing') return undefined;
    if (landing.kind === 'stored') return this.#replies.landed(landing, request, wishes, forwarding);
    const { head, variant, body } = landing;
    if (variantOf(head.vary, request.headers) !== variant)
      return this.#shelves.under(head.vary, request, place);
    return Buffer.isBuffer(body) || body.joinable
      ? this.#replies.storing(landing, wishes, forwarding)
      : undefined;
  }
}

/** What befell the upstream befalls everyone; that the other client left, or had less time, does not. */
function concerns(error: unknown, flight: Flight, { deadline }: CacheRequest): boolean {
  if (deadline?.expired) return true;
  if (!(error instanceof GatewayError) || error.proxyStatus === undefined) return false;
  return (
    error.reason !== 'upstream_timeout' || deadline === undefined || flight.endsAtMs >= deadline.expiresAtMs
  );
}
