import { type CallStage } from '@facet/resilience';
import { type HttpCache } from '../http-cache.ts';
import { JsonBodies } from './json-bodies.ts';
import { JsonCacheStage } from './json-cache.stage.ts';
import { type CacheableAnswer, type CacheableCall } from './json-call.ts';

/**
 * The cache stage of JSON calls, for `UpstreamModule.register({ cache: json.stage })`. Made by the app before there is
 * a cache: `CachingModule.register({ json })` gives it one at start.
 */
export class JsonCaching {
  readonly #origins: ReadonlyMap<string, string>;
  readonly #bodies = new JsonBodies();
  #cache: HttpCache | undefined;

  /** @param upstreams as declared: routes to the same URL and calls by name then forget together what changes */
  constructor(upstreams: readonly { readonly name: string; readonly url: string }[] = []) {
    this.#origins = new Map(upstreams.map(({ name, url }) => [name, new URL(url).origin]));
  }

  /** Called once, before the first request. */
  use(cache: HttpCache): void {
    this.#cache = cache;
  }

  readonly stage =
    (upstream: string) =>
    <C extends CacheableCall<C>>(next: CallStage<C, CacheableAnswer>): CallStage<C, CacheableAnswer> =>
      new JsonCacheStage(next, {
        upstream,
        origin: this.#origins.get(upstream) ?? `http://${upstream}`,
        bodies: this.#bodies,
        cache: () => this.#given(),
      });

  #given(): HttpCache {
    if (!this.#cache)
      throw new Error('JsonCaching without a cache: hand it to CachingModule.register({ json })');
    return this.#cache;
  }
}
