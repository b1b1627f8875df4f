import { type Breaker, type CircuitState, type Outcome } from '@facet/resilience';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const circuitValues: Readonly<Record<CircuitState, number>> = { closed: 0, 'half-open': 1, open: 2 };

const outcomes: readonly Outcome[] = ['success', 'failure', 'ignored'];

/** What Prometheus sees of the upstreams. */
export class UpstreamMetrics {
  readonly #duration: Histogram<'upstream'>;
  readonly #requests: Counter<'upstream' | 'outcome'>;
  readonly #retries: Counter<'upstream'>;
  readonly #circuit: Gauge<'upstream'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#duration = new Histogram({
      name: 'gateway_upstream_duration_seconds',
      help: 'Time of one attempt, from sending to the whole answer (to its head when it is streamed).',
      labelNames: ['upstream'],
      registers,
    });
    this.#requests = new Counter({
      name: 'gateway_upstream_requests_total',
      help: 'Attempts sent, by what they say about the upstream: success, failure, ignored (4xx, client gone).',
      labelNames: ['upstream', 'outcome'],
      registers,
    });
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
    this.#duration.observe({ upstream }, tookMs / 1000);
    this.#requests.inc({ upstream, outcome });
  }

  retry(upstream: string): void {
    this.#retries.inc({ upstream });
  }

  /** An upstream that is no more leaves no series behind. */
  forget(upstream: string): void {
    this.#duration.remove({ upstream });
    for (const outcome of outcomes) this.#requests.remove({ upstream, outcome });
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
}
