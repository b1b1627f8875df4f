import { type HttpCache } from '@facet/caching';
import { type Clock, type HttpPolicy, type Stage, type StageRequest } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { type Upstreams } from '@facet/upstream';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type LiveRoutes } from '../reload/live-routes.ts';
import { type Route } from '../route.ts';
import { sendAnswer } from './answer.ts';
import { cachedAnswer } from './cached-exchange.ts';
import { type Endpoints } from './endpoints.ts';
import { Exchange, type RouteAnswer } from './exchange.ts';
import { InterimAnswers } from './interim-answers.ts';
import { findRoute, type FoundRoute, matchRequest } from './found-route.ts';

export interface RouteServerParts {
  readonly live: LiveRoutes;
  /** In the order they are run. */
  readonly stages: readonly Stage[];
  readonly upstreams: Upstreams;
  readonly cache: HttpCache;
  readonly clock: Clock;
  readonly endpoints: Endpoints;
}

/** To be declared for requests before any comes. */
export const routeDecoration = 'facetRoute';

/** A request with its route; undefined: none takes it. */
interface RoutedRequest extends StageRequest {
  [routeDecoration]: FoundRoute | undefined;
}

/** Refusals only: the body is none of ours. */
const unmatched: HttpPolicy = { route: 'unmatched', body: 'raw' };

/** Serves what no endpoint takes. */
export class RouteServer {
  readonly #parts: RouteServerParts;

  constructor(parts: RouteServerParts) {
    this.#parts = parts;
  }

  /** For the HTTP hooks, which ask it once per request: finds the route. */
  readonly policyOf = (request: StageRequest): HttpPolicy => {
    const found = findRoute(this.#parts.live.table, request);
    if (!found) return unmatched;
    (request as RoutedRequest)[routeDecoration] = found;
    return found.route.http;
  };

  /**
   * The way of a declared route, in order; it is all in one hook, before Fastify would touch the body. Waits for
   * nothing that is there already: a promise is for what has to wait.
   * @param done told of what went wrong
   */
  serve(request: FastifyRequest, reply: FastifyReply, done: (error: Error) => void): void {
    const found = (request as RoutedRequest & typeof request)[routeDecoration];
    try {
      if (found) this.#serve(found, request, reply)?.catch(done);
      else this.#refuse(request as StageRequest, reply);
    } catch (error) {
      done(error as Error);
    }
  }

  #serve(found: FoundRoute, request: FastifyRequest, reply: FastifyReply): Promise<void> | undefined {
    const use = found.route.adHocUpstream?.use;
    return use === undefined
      ? this.#check(found, request, reply)
      : this.#serveUsing(use, found, request, reply);
  }

  /** A reload may drop the upstream: not before this request has the head of its answer. */
  async #serveUsing(
    use: { requests: number },
    found: FoundRoute,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    use.requests++;
    try {
      await this.#check(found, request, reply);
    } finally {
      use.requests--;
    }
  }

  #check(found: FoundRoute, request: FastifyRequest, reply: FastifyReply): Promise<void> | undefined {
    const { stages } = this.#parts;
    const { policy } = found.route;
    for (let index = 0; index < stages.length; index++) {
      const running = stages[index]?.run(request as StageRequest, reply, policy);
      if (running) return this.#checkRest(running, index + 1, found, request, reply);
    }
    return this.#ask(found, request, reply);
  }

  async #checkRest(
    running: Promise<void>,
    next: number,
    found: FoundRoute,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    await running;
    for (const stage of this.#parts.stages.slice(next)) {
      await stage.run(request as StageRequest, reply, found.route.policy);
    }
    await this.#ask(found, request, reply);
  }

  #ask(found: FoundRoute, request: FastifyRequest, reply: FastifyReply): Promise<void> | undefined {
    const interim = new InterimAnswers(found, request as StageRequest, reply.raw);
    const exchange = new Exchange(found, request as StageRequest, this.#parts.clock, interim);
    // Only now is a client that waits for it told to send: whatever was refused, was refused unread.
    if (exchange.body && request.headers.expect !== undefined) reply.raw.writeContinue();
    const asked = this.#answer(found.route, exchange, request as StageRequest);
    if (asked instanceof Promise) {
      return asked.then((answer) => sendAnswer(found, answer, request as StageRequest, reply));
    }
    sendAnswer(found, asked, request as StageRequest, reply);
    return undefined;
  }

  #answer(route: Route, exchange: Exchange, request: StageRequest): RouteAnswer | Promise<RouteAnswer> {
    const { upstreams, cache, clock } = this.#parts;
    const { client, settings } = upstreams.get(route.upstream);
    if (!isCached(route)) return exchange.send(client);
    return cachedAnswer(exchange, route, request, { cache, clock, client, upstream: settings });
  }

  /** Nothing here, or nothing for this method (RFC 9110, 15.5.6). */
  #refuse(request: StageRequest, reply: FastifyReply): void {
    const { live, endpoints } = this.#parts;
    const match = matchRequest(request);
    const allowed = new Set([...endpoints.allowedMethods(match), ...live.table.allowedMethods(match)]);
    if (allowed.size === 0) throw new GatewayError('not_found');
    const allow = [...allowed.add('OPTIONS')].sort().join(', ');
    if (request.method !== 'OPTIONS')
      throw new GatewayError('method_not_allowed', { headers: { Allow: allow } });
    reply.code(204).header('allow', allow).send();
  }
}

function isCached(route: Route): route is Route & { readonly cache: NonNullable<Route['cache']> } {
  return route.cache !== undefined;
}
