import { Counter, Gauge, type Registry } from 'prom-client';

/** What operators see of declared routes. */
export class RouteMetrics {
  readonly #reloads: Counter;
  readonly #isStale: Gauge;
  readonly #routes: Gauge;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#reloads = new Counter({
      name: 'gateway_routes_reloads_total',
      help: 'Changes of ROUTES_FILE, by what became of them',
      labelNames: ['result'],
      registers,
    });
    this.#isStale = new Gauge({
      name: 'gateway_routes_stale',
      help: '1 while ROUTES_FILE has faults and the last good routes serve',
      registers,
    });
    this.#routes = new Gauge({ name: 'gateway_routes', help: 'Declared routes that serve', registers });
  }

  taken(routes: number, isReload: boolean): void {
    if (isReload) this.#reloads.inc({ result: 'taken' });
    this.#isStale.set(0);
    this.#routes.set(routes);
  }

  refused(): void {
    this.#reloads.inc({ result: 'refused' });
    this.#isStale.set(1);
  }
}
