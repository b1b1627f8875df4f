import { type RouteDeclaration } from './declaration/route.schema.ts';

type Breaker = RouteDeclaration['breaker'];

/** Requests of routes that are on their way to an ad-hoc upstream: found, and not handed to its transport yet. */
export interface UpstreamUse {
  requests: number;
}

/** An upstream a route names by URL; it is declared when the route is loaded. */
export interface AdHocUpstream {
  /** One for all routes of all tables that share it. */
  readonly use: UpstreamUse;
  readonly breaker?: NonNullable<Breaker>;
  /** Its name in metrics, logs, health and `Proxy-Status`, so nothing of its address. */
  readonly name: string;
  /** `http://127.0.0.1:5000` */
  readonly origin: string;
  /** `/base`, or empty. */
  readonly basePath: string;
}

/** Names of declared upstreams have no `://`. */
export function isAdHocUpstream(upstream: string): boolean {
  return upstream.includes('://');
}

/**
 * Names ad-hoc upstreams after the first route that speaks of them: one name for one origin and breaker, over all
 * reloads, so that their breakers and sockets outlive a change of the file. What no route names any more is forgotten.
 */
export class AdHocUpstreams {
  readonly #taken: Set<string>;
  readonly #known = new Map<string, { readonly name: string; readonly use: UpstreamUse }>();

  /** @param declared names of the upstreams the app declares */
  constructor(declared: Iterable<string> = []) {
    this.#taken = new Set(declared);
  }

  /** Reads a URL that passed `adHocUpstreamFault`. */
  read(upstream: string, routeId: string, breaker?: Breaker): AdHocUpstream {
    const url = new URL(upstream);
    return {
      ...this.#named(`${url.origin} ${JSON.stringify(breaker)}`, routeId),
      origin: url.origin,
      basePath: url.pathname.replace(/\/$/, ''),
      ...(breaker === undefined ? {} : { breaker }),
    };
  }

  /** Every one that was read and not forgotten. */
  all(): Iterable<{ readonly name: string; readonly use: UpstreamUse }> {
    return this.#known.values();
  }

  forget(name: string): void {
    for (const [key, known] of this.#known) if (known.name === name) this.#known.delete(key);
    this.#taken.delete(name);
  }

  #named(key: string, routeId: string): { readonly name: string; readonly use: UpstreamUse } {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const base = `route-${routeId.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
    let name = base;
    for (let number = 2; this.#taken.has(name); number++) name = `${base}-${number}`;
    this.#taken.add(name);
    const named = { name, use: { requests: 0 } };
    this.#known.set(key, named);
    return named;
  }
}

/** Why a URL can't be an upstream, in words; it may hold a password, so it is not repeated. */
export function adHocUpstreamFault(upstream: string): string | undefined {
  const url = URL.parse(upstream);
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return 'must be an http:// or https:// URL';
  if (url.username !== '' || url.password !== '') {
    return 'has a user or password: put them in with request.headers.set and ${config.…}';
  }
  if (url.search !== '' || url.hash !== '') return 'has a query or fragment: use request.query';
  return undefined;
}
