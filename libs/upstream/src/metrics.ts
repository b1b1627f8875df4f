import { type CounterSeries, type HistogramSeries, HotCounter, HotHistogram } from '@facet/management';
import { type Breaker, type CircuitState, type Outcome } from '@facet/resilience';
import { Counter, Gauge, type Registry } from 'prom-client';

const circuitValues: Readonly<Record<CircuitState, number>> = { closed: 0, 'half-open': 1, open: 2 };

const durationBoundsSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** One upstream's series of what is counted on every attempt. */
interface AttemptSeries {
  readonly duration: HistogramSeries;
  readonly outcomes: Partial<Record<Outcome, CounterSeries>>;
}

/** What Prometheus sees of the upstreams. */
export class UpstreamMetrics {
  readonly #duration: HotHistogram;
  readonly #requests: HotCounter;
  readonly #retries: Counter<'upstream'>;
  readonly #circuit: Gauge<'upstream'>;
  readonly #attempts = new Map<string, AttemptSeries>();

  constructor(registry: Registry) {
    const registers = [registry];
    this.#duration = new HotHistogram(
      'gateway_upstream_duration_seconds',
      'Time of one attempt, from sending to the whole answer (to its head when it is streamed).',
      durationBoundsSeconds,
      registry,
    );
    this.#requests = new HotCounter(
      'gateway_upstream_requests_total',
      'Attempts sent, by what they say about the upstream: success, failure, ignored (4xx, client gone).',
      registry,
    );
    this.#retries = new Counter({
      name: 'gateway_retries_total',
      help: 'Attempts after the first.',
      labelNames: ['upstream'],
      registers,
    });
    this.#circuit = new Gauge({
      name: 'gateway_circuit_state',
      help: '0 closed, 1 half-open, 2 open.',
      labelNames: ['upstream'],
      registers,
    });
  }

  attempt(upstream: string, outcome: Outcome, tookMs: number): void {
    const { duration, outcomes } = this.#seriesOf(upstream);
    this.#duration.observe(duration, tookMs / 1000);
    (outcomes[outcome] ??= this.#requests.with({ upstream, outcome })).count++;
  }

  retry(upstream: string): void {
    this.#retries.inc({ upstream });
  }

  /** An upstream that is no more leaves no series behind. */
  forget(upstream: string): void {
    const series = this.#attempts.get(upstream);
    if (series !== undefined) {
      this.#attempts.delete(upstream);
      this.#duration.remove(series.duration);
      for (const counter of Object.values(series.outcomes)) this.#requests.remove(counter);
    }
    this.#retries.remove({ upstream });
    this.#circuit.remove({ upstream });
  }

  /** Shows the circuit's state from now on. */
  watchCircuit(breaker: Breaker, upstream: string): void {
    const show = (): void => this.#circuit.set({ upstream }, circuitValues[breaker.state]);
    breaker.opossum.on('open', show);
    breaker.opossum.on('halfOpen', show);
    breaker.opossum.on('close', show);
    show();
  }

  #seriesOf(upstream: string): AttemptSeries {
    let series = this.#attempts.get(upstream);
    if (series === undefined) {
      series = { duration: this.#duration.with({ upstream }), outcomes: {} };
      this.#attempts.set(upstream, series);
    }
    return series;
  }
}
