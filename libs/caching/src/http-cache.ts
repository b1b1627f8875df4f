import { type Clock } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { type CachePolicy } from './cache-policy.ts';
import { type CacheResult, forwardedStatus, type ForwardReason } from './cache-status.ts';
import { type Errand, labelsOf } from './errand.ts';
import { type CacheRequest, type CacheResponse, type Origin } from './exchange-types.ts';
import { Fetcher } from './fetcher.ts';
import { Flights, type FlightsOptions } from './flight/flights.ts';
import { Replies } from './replies.ts';
import { invalidatedUris } from './rules/invalidated-uris.ts';
import { noWishes, requestWishes, type RequestWishes } from './rules/request-wishes.ts';
import { reuse } from './rules/reuse.ts';
import { type Place, Shelves } from './shelves.ts';
import { type CacheStore, labels } from './store/cache-store.ts';

export interface HttpCacheOptions extends FlightsOptions {
  readonly store: CacheStore;
  /** How this cache calls itself in `Cache-Status`: a token. Default `facet`. */
  readonly name?: string;
  /** Called once per answered request. */
  readonly observe?: (route: string, result: CacheResult) => void;
}

/** A shared HTTP cache (RFC 9111, 5861, 8246, 9211, 9213) in front of an origin that is a function. */
export class HttpCache {
  readonly #clock: Clock;
  readonly #store: CacheStore;
  readonly #shelves: Shelves;
  readonly #flights: Flights;
  readonly #replies: Replies;
  readonly #fetcher: Fetcher;
  readonly #name: string;
  readonly #observe: (route: string, result: CacheResult) => void;

  constructor({ store, name = 'facet', observe = () => undefined, ...options }: HttpCacheOptions) {
    this.#clock = options.clock;
    this.#store = store;
    this.#shelves = new Shelves(store);
    this.#flights = new Flights(this.#shelves, options);
    this.#replies = new Replies(name, options.clock);
    this.#fetcher = new Fetcher(this.#flights, this.#shelves, this.#replies);
    this.#name = name;
    this.#observe = observe;
  }

  /**
   * Answers a request out of the store or through `origin`.
   * @throws what `origin` throws when nothing stored may stand in; `not_cached` for `only-if-cached` without an answer
   */
  handle(request: CacheRequest, policy: CachePolicy, origin: Origin): CacheResponse | Promise<CacheResponse> {
    const response = this.#handle(request, policy, origin);
    return response instanceof Promise
      ? response.then((answer) => this.#observed(request, answer))
      : this.#observed(request, response);
  }

  /** Deletes what carries the tag, or what has the path: with a query exactly that, without one every query. */
  async purge(what: { readonly tag: string } | { readonly path: string }): Promise<number> {
    return await this.#forget('tag' in what ? labels.tag(what.tag) : labels.path(what.path));
  }

  #observed({ route }: CacheRequest, response: CacheResponse): CacheResponse {
    this.#observe(route, response.result);
    return response;
  }

  #handle(
    request: CacheRequest,
    policy: CachePolicy,
    origin: Origin,
  ): CacheResponse | Promise<CacheResponse> {
    if (request.method !== 'GET' && request.method !== 'HEAD') return this.#writeThrough(request, origin);
    const wishes =
      request.concernsCaches === false
        ? noWishes
        : requestWishes(request.headers, policy.clientDirectives !== 'ignore');
    if (request.identityKey === undefined || request.hasBody || wishes.noStore || wishes.precondition) {
      if (wishes.onlyIfCached) throw this.#notCached();
      return this.#pass(request, origin, 'bypass');
    }
    const found = this.#shelves.find(request);
    return found instanceof Promise
      ? found.then((place) => this.#answer(request, policy, origin, wishes, place))
      : this.#answer(request, policy, origin, wishes, found);
  }

  #answer(
    request: CacheRequest,
    policy: CachePolicy,
    origin: Origin,
    wishes: RequestWishes,
    place: Place,
  ): CacheResponse | Promise<CacheResponse> {
    const { stored } = place;
    const use = stored ? reuse(stored.head, wishes, this.#clock.monotonic()) : 'ask';
    if (stored && use === 'fresh') return this.#replies.hit(stored, request, wishes, 'hit');
    const errand = this.#errand(request, policy, origin, wishes, place);
    if (stored && use !== 'ask') {
      if (use === 'refresh') this.#flights.refresh(errand);
      return this.#replies.hit(stored, request, wishes, 'stale');
    }
    if (wishes.onlyIfCached) throw this.#notCached();
    // A part is not stored, and what is whole has been looked for.
    if (wishes.range !== undefined) return this.#pass(request, origin, errand.fwd);
    return this.#fetcher.fetch(errand);
  }

  #errand(
    request: CacheRequest,
    policy: CachePolicy,
    origin: Origin,
    wishes: RequestWishes,
    place: Place,
  ): Errand {
    const keepConditions = place.stored === undefined;
    const fwd = this.#reason(place);
    return { request, policy, origin, wishes, place, fwd, keepConditions, labels: labelsOf(request, policy) };
  }

  #reason({ stored, vary }: Place): ForwardReason {
    if (stored) return this.#clock.monotonic() < stored.head.freshUntilMs ? 'request' : 'stale';
    return vary.length > 0 ? 'vary-miss' : 'uri-miss';
  }

  async #pass(request: CacheRequest, origin: Origin, fwd: ForwardReason): Promise<CacheResponse> {
    const { headers, signal } = request;
    const response = await origin({ headers, signal, background: false });
    return this.#replies.passed(response, fwd === 'bypass' || fwd === 'method' ? 'bypass' : 'miss', { fwd });
  }

  /** What changes something at the origin ends what is stored of it, before the client hears of it. */
  async #writeThrough(request: CacheRequest, origin: Origin): Promise<CacheResponse> {
    const response = await this.#pass(request, origin, 'method');
    const changed = invalidatedUris(request.method, request.origin, request.path, response);
    for (const uri of changed) await this.#forget(labels.uri(uri));
    return response;
  }

  async #forget(label: string): Promise<number> {
    this.#flights.outdate(label);
    return await this.#store.purge(label);
  }

  #notCached(): GatewayError {
    return new GatewayError('not_cached', {
      headers: { 'Cache-Status': forwardedStatus(this.#name, { fwd: 'request', detail: 'only-if-cached' }) },
    });
  }
}
