import {
  type CachePolicy,
  type CacheRequest,
  type CacheResponse,
  concernsCaches,
  type HttpCache,
  identityKey,
  type OriginRequest,
} from '@facet/caching';
import { type Clock, Deadline, DerivedContext, type RequestContext, type StageRequest } from '@facet/context';
import { type HeaderField, type UpstreamClient, type UpstreamSettings } from '@facet/upstream';
import { canonicalPath } from '../matching/canonical-path.ts';
import { type Route } from '../route.ts';
import { type Exchange, type RouteAnswer } from './exchange.ts';
import { type OutgoingFields, varyFields } from './outgoing-fields.ts';

/** Time for an answer that nobody waits for. */
const backgroundMs = 10_000;

export interface CachedExchangeParts {
  readonly cache: HttpCache;
  readonly clock: Clock;
  readonly client: UpstreamClient;
  readonly upstream: UpstreamSettings;
}

/** Asks a route's cache, and the upstream where the cache has to. */
export function cachedAnswer(
  exchange: Exchange,
  route: Route & { readonly cache: CachePolicy },
  request: StageRequest,
  parts: CachedExchangeParts,
): RouteAnswer | Promise<RouteAnswer> {
  const { facet } = request;
  const { cache, clock, client, upstream } = parts;
  const asked = new AskedOfCache(exchange, route, request, upstream);
  const ask = async ({ headers, signal, background }: OriginRequest): Promise<RouteAnswer> => {
    if (exchange.body) return await exchange.send(client);
    const deadline = background ? Deadline.after(clock, backgroundMs) : facet.deadline;
    const context = new DerivedContext(facet, deadline, signal);
    return await exchange.sendAs(client, context, merged(exchange.fields, asked.headers, headers));
  };
  const answer = cache.handle(asked, route.cache, ask);
  return answer instanceof Promise
    ? answer.then((fetched) => recorded(fetched, facet))
    : recorded(answer, facet);
}

/** A hit asks for little of it: what costs something is made when somebody does. */
class AskedOfCache implements CacheRequest {
  readonly route: string;
  readonly scope: string;
  readonly method: string;
  readonly origin: string;
  readonly path: string;
  readonly concernsCaches: boolean;
  readonly identityKey: string | undefined;
  readonly hasBody: boolean;
  readonly deadline: Deadline;
  readonly #exchange: Exchange;
  readonly #request: StageRequest;
  readonly #forwarded: readonly string[];
  #headers: readonly HeaderField[] | undefined;

  constructor(
    exchange: Exchange,
    route: Route & { readonly cache: CachePolicy },
    request: StageRequest,
    upstream: UpstreamSettings,
  ) {
    const { facet, method, headers, raw } = request;
    this.route = route.policy.route;
    this.scope = scopeOf(route, facet, headers['host']);
    this.method = method;
    this.origin = upstream.origin;
    this.path = canonicalTarget(upstream.basePath + exchange.path);
    // What the route's rules make of the header section is not known before they have.
    this.concernsCaches = route.requestHeaders !== undefined || concernsCaches(raw.rawHeaders);
    this.identityKey = identityKey(route.cache.identity, facet.principal);
    this.hasBody = exchange.body !== undefined;
    this.deadline = facet.deadline;
    this.#exchange = exchange;
    this.#request = request;
    this.#forwarded = upstream.forwardCredentials;
  }

  get headers(): readonly HeaderField[] {
    return (this.#headers ??= varyFields(
      this.#exchange.fields,
      this.#request.facet.principal,
      this.#forwarded,
    ));
  }

  get hasAuthorization(): boolean {
    return hasAuthorization(this.#request, this.headers);
  }

  get signal(): AbortSignal {
    return this.#request.facet.signal;
  }
}

function recorded(answer: CacheResponse, { decisions }: RequestContext): RouteAnswer {
  decisions.cache = answer.result;
  return answer;
}

/** The upstream gets one, or one came that the gateway did not take for a credential: whom it is from, nobody knows. */
function hasAuthorization({ facet, headers }: StageRequest, known: readonly HeaderField[]): boolean {
  return (
    (facet.principal.kind === 'anonymous' && headers['authorization'] !== undefined) ||
    known.some(([name]) => name.toLowerCase() === 'authorization')
  );
}

/**
 * Only requests of one route, for one host and scheme, share answers: routes change requests, and upstreams write host
 * and scheme into links and redirects.
 */
function scopeOf(route: Route, facet: StageRequest['facet'], host: unknown): string {
  return `${route.id}\n${facet.isSecure === true ? 'https' : 'http'}\n${String(host ?? '').toLowerCase()}`;
}

/** What the cache changed of the fields it was shown: conditions it took away or put in. */
function merged(
  { headers, ownHeaders }: OutgoingFields,
  known: readonly HeaderField[],
  asked: readonly HeaderField[],
): OutgoingFields {
  if (asked === known) return { headers, ownHeaders };
  const kept = new Set(asked);
  const removed = new Set(known.filter((field) => !kept.has(field)));
  const shown = new Set(known);
  return {
    headers: headers.filter((field) => !removed.has(field)),
    ownHeaders: [
      ...ownHeaders.filter((field) => !removed.has(field)),
      ...asked.filter((field) => !shown.has(field)),
    ],
  };
}

function canonicalTarget(target: string): string {
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  return (canonicalPath(path) ?? path) + (mark === -1 ? '' : target.slice(mark));
}
