import { type CounterSeries, type HistogramSeries, HotCounter, HotHistogram } from '@facet/management';
import { type Registry } from 'prom-client';

const durationBoundsSeconds = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
] as const;

/** The series of one route, method and status. */
export interface RequestSeries {
  /** Of the route and the method, whatever the status. */
  readonly duration: HistogramSeries;
  readonly labels: Readonly<Record<string, string>>;
  readonly byTier: Map<string, CounterSeries>;
}

interface RouteSeries {
  readonly duration: HistogramSeries;
  readonly byStatus: Map<number, RequestSeries>;
}

/** `gateway_requests_total` and `gateway_request_duration_seconds`. */
export class RequestMetrics {
  readonly #gateway: string;
  readonly #total: HotCounter;
  readonly #duration: HotHistogram;
  readonly #routes = new Map<string, Map<string, RouteSeries>>();

  constructor(registry: Registry, gateway: string) {
    this.#gateway = gateway;
    this.#total = new HotCounter('gateway_requests_total', 'Requests answered', registry);
    this.#duration = new HotHistogram(
      'gateway_request_duration_seconds',
      'From the arrival of a request to the end of its answer',
      durationBoundsSeconds,
      registry,
    );
  }

  /** The same ones each time. @param method,route bounded sets: known methods, templates or `unmatched` */
  seriesOf(method: string, route: string, status: number): RequestSeries {
    const { duration, byStatus } = this.#routeSeries(method, route);
    let series = byStatus.get(status);
    if (series === undefined) {
      const labels = { gateway: this.#gateway, route, method, status: String(status) };
      byStatus.set(status, (series = { duration, labels, byTier: new Map() }));
    }
    return series;
  }

  count({ duration, labels, byTier }: RequestSeries, tier: string, durationMs: number): void {
    this.#duration.observe(duration, durationMs / 1000);
    let counter = byTier.get(tier);
    if (counter === undefined) byTier.set(tier, (counter = this.#total.with({ ...labels, tier })));
    counter.count++;
  }

  #routeSeries(method: string, route: string): RouteSeries {
    let methods = this.#routes.get(route);
    if (methods === undefined) this.#routes.set(route, (methods = new Map()));
    let series = methods.get(method);
    if (series === undefined) {
      const labels = { gateway: this.#gateway, route, method };
      methods.set(method, (series = { duration: this.#duration.with(labels), byStatus: new Map() }));
    }
    return series;
  }
}
