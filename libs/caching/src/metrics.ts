import { type CounterSeries, HotCounter } from '@facet/management';
import { type Registry } from 'prom-client';
import { type CacheResult } from './cache-status.ts';

/** What the cache counts. */
export class CacheMetrics {
  readonly #requests: HotCounter;
  readonly #routes = new Map<string, Partial<Record<CacheResult, CounterSeries>>>();

  constructor(registry: Registry) {
    this.#requests = new HotCounter(
      'gateway_cache_total',
      'Requests to what may be cached, by how they were answered',
      registry,
    );
  }

  /** @param route a template: never as many as there are paths */
  count(route: string, result: CacheResult): void {
    let results = this.#routes.get(route);
    if (results === undefined) this.#routes.set(route, (results = {}));
    (results[result] ??= this.#requests.with({ route, result })).count++;
  }
}
