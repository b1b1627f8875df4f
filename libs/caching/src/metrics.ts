import { Counter, type Registry } from 'prom-client';
import { type CacheResult } from './cache-status.ts';

/** What the cache counts. */
export class CacheMetrics {
  readonly #requests: Counter<'route' | 'result'>;
  /** Looking a labelled counter up is dearer than the rest of a hit. */
  readonly #known = new Map<string, { inc(): void }>();

  constructor(registry: Registry) {
    this.#requests = new Counter({
      name: 'gateway_cache_total',
      help: 'Requests to what may be cached, by how they were answered',
      labelNames: ['route', 'result'],
      registers: [registry],
    });
  }

  /** @param route a template: never as many as there are paths */
  count(route: string, result: CacheResult): void {
    const key = `${result} ${route}`;
    let counter = this.#known.get(key);
    if (counter === undefined) this.#known.set(key, (counter = this.#requests.labels(route, result)));
    counter.inc();
  }
}
