import { type GatewayLog, type HealthChecks } from '@facet/management';
import { type RouteMetrics } from '../metrics.ts';
import { type RouteTable } from '../route-table.ts';
import { RouteFaults } from '../validation/fault.ts';

/** Faults named in the health report; all of them are in the log. */
const reportedFaults = 20;

/** The routes that serve now. Replaced as a whole; requests under way keep the route they have found. */
export class LiveRoutes {
  #table: RouteTable;
  #faults: readonly string[] = [];
  readonly #log: GatewayLog;
  readonly #metrics: RouteMetrics | undefined;

  constructor(table: RouteTable, log: GatewayLog, metrics?: RouteMetrics) {
    this.#table = table;
    this.#log = log;
    this.#metrics = metrics;
    metrics?.taken(table.routes.length, false);
  }

  get table(): RouteTable {
    return this.#table;
  }

  /** Takes what `load` makes; when it finds faults, says so and keeps what serves. */
  reload(file: string, load: () => RouteTable): void {
    try {
      this.#table = load();
    } catch (error) {
      this.#refuse(file, error);
      return;
    }
    this.#faults = [];
    this.#metrics?.taken(this.#table.routes.length, true);
    this.#log.info('routes reloaded', { name: file, count: this.#table.routes.length });
  }

  /** Degraded, not down: the last good routes serve. */
  addHealth(health: HealthChecks): void {
    health.addReadiness('routes', () => ({
      state: this.#faults.length === 0 ? 'up' : 'degraded',
      details: {
        routes: this.#table.routes.length,
        ...(this.#faults.length === 0
          ? {}
          : { serving: 'last good routes', faults: this.#faults.slice(0, reportedFaults) }),
      },
    }));
  }

  #refuse(file: string, error: unknown): void {
    this.#faults = error instanceof RouteFaults ? error.faults : [`${file} can't be read`];
    this.#metrics?.refused();
    for (const detail of this.#faults) {
      this.#log.error('routes refused, the last good ones serve', { name: file, detail });
    }
  }
}
