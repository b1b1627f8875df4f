import { type Metric, type MetricObjectWithValues, type MetricValue, type Registry } from 'prom-client';

type Labels = Readonly<Record<string, string>>;

/**
 * A metric for the request path: series are held by the caller, so that counting is an addition. prom-client's own
 * hash the labels on every call. Read through the same `Registry`.
 */
abstract class HotMetric<Series> {
  readonly name: string;
  readonly help: string;
  readonly aggregator = 'sum';
  abstract readonly type: 'counter' | 'histogram';
  protected readonly series: Series[] = [];

  constructor(name: string, help: string, registry: Registry) {
    this.name = name;
    this.help = help;
    registry.registerMetric(this as unknown as Metric);
  }

  /** Its owner is no more. */
  remove(series: Series): void {
    const place = this.series.indexOf(series);
    if (place !== -1) this.series.splice(place, 1);
  }

  protected abstract values(): MetricValue<string>[];

  get(): Promise<MetricObjectWithValues<MetricValue<string>>> {
    const { name, help, type, aggregator } = this;
    return Promise.resolve({ name, help, type, aggregator, values: this.values() } as never);
  }
}

export interface CounterSeries {
  readonly labels: Labels;
  count: number;
}

export class HotCounter extends HotMetric<CounterSeries> {
  override readonly type = 'counter';

  /** A new series: make it once per label set and keep it. */
  with(labels: Labels): CounterSeries {
    const series = { labels, count: 0 };
    this.series.push(series);
    return series;
  }

  protected override values(): MetricValue<string>[] {
    return this.series.map(({ labels, count }) => ({ labels, value: count }));
  }

  reset(): void {
    for (const series of this.series) series.count = 0;
  }
}

export interface HistogramSeries {
  readonly labels: Labels;
  /** Observations per bucket, the last one unbounded; not cumulative. */
  readonly counts: number[];
  sum: number;
}

export class HotHistogram extends HotMetric<HistogramSeries> {
  override readonly type = 'histogram';
  readonly #bounds: readonly number[];

  /** @param bounds upper bounds in ascending order */
  constructor(name: string, help: string, bounds: readonly number[], registry: Registry) {
    super(name, help, registry);
    this.#bounds = bounds;
  }

  with(labels: Labels): HistogramSeries {
    const series = { labels, counts: new Array<number>(this.#bounds.length + 1).fill(0), sum: 0 };
    this.series.push(series);
    return series;
  }

  observe(series: HistogramSeries, value: number): void {
    let bucket = 0;
    while (bucket < this.#bounds.length && value > (this.#bounds[bucket] ?? 0)) bucket++;
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
    series.sum += value;
  }

  protected override values(): MetricValue<string>[] {
    return this.series.flatMap(({ labels, counts, sum }) => {
      let total = 0;
      const buckets = counts.map((count, i) => ({
        metricName: `${this.name}_bucket`,
        labels: { le: this.#bounds[i] === undefined ? '+Inf' : String(this.#bounds[i]), ...labels },
        value: (total += count),
      }));
      return [
        ...buckets,
        { metricName: `${this.name}_sum`, labels, value: sum },
        { metricName: `${this.name}_count`, labels, value: total },
      ];
    });
  }

  reset(): void {
    for (const series of this.series) {
      series.counts.fill(0);
      series.sum = 0;
    }
  }
}
