import { type CounterSeries, type HistogramSeries, HotCounter, HotHistogram } from '@facet/management';
import { type Registry } from 'prom-client';

const durationBoundsSeconds = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
] as const;

interface RouteSeries {
  readonly duration: HistogramSeries;
  /** By status, then by tier. */
  readonly counters: Map<number, Map<string, CounterSeries>>;
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

  /** @param method,route bounded sets: known methods, templates or `unmatched` */
  count(method: string, route: string, status: number, tier: string, durationMs: number): void {
    const series = this.#seriesOf(method, route);
    this.#duration.observe(series.duration, durationMs / 1000);
    let tiers = series.counters.get(status);
    if (tiers === undefined) series.counters.set(status, (tiers = new Map()));
    let counter = tiers.get(tier);
    if (counter === undefined) {
      const labels = { gateway: this.#gateway, route, method, status: String(status), tier };
      tiers.set(tier, (counter = this.#total.with(labels)));
    }
    counter.count++;
  }

  #seriesOf(method: string, route: string): RouteSeries {
    let methods = this.#routes.get(route);
    if (methods === undefined) this.#routes.set(route, (methods = new Map()));
    let series = methods.get(method);
    if (series === undefined) {
      const labels = { gateway: this.#gateway, route, method };
      methods.set(method, (series = { duration: this.#duration.with(labels), counters: new Map() }));
    }
    return series;
  }
}
