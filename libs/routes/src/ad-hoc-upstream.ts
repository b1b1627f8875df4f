import { type RouteDeclaration } from './declaration/route.schema.ts';

type Breaker = RouteDeclaration['breaker'];

/** An upstream a route names by URL; it is declared when the route is loaded. */
export interface AdHocUpstream {
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
 * reloads, so that their breakers and sockets outlive a change of the file.
 */
export class AdHocUpstreams {
  readonly #taken: Set<string>;
  readonly #names = new Map<string, string>();

  /** @param declared names of the upstreams the app declares */
  constructor(declared: Iterable<string> = []) {
    this.#taken = new Set(declared);
  }

  /** Reads a URL that passed `adHocUpstreamFault`. */
  read(upstream: string, routeId: string, breaker?: Breaker): AdHocUpstream {
    const url = new URL(upstream);
    return {
      name: this.#nameOf(`${url.origin} ${JSON.stringify(breaker)}`, routeId),
      origin: url.origin,
      basePath: url.pathname.replace(/\/$/, ''),
      ...(breaker === undefined ? {} : { breaker }),
    };
  }

  #nameOf(key: string, routeId: string): string {
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const base = `route-${routeId.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
    let name = base;
    for (let number = 2; this.#taken.has(name); number++) name = `${base}-${number}`;
    this.#taken.add(name);
    this.#names.set(key, name);
    return name;
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
