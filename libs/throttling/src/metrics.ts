import { Counter, type Registry } from 'prom-client';

/** What throttling counts. */
export class ThrottleMetrics {
  readonly #throttled: Counter<'tier' | 'limit'>;

  constructor(registry: Registry) {
    this.#throttled = new Counter({
      name: 'gateway_throttled_total',
      help: 'Requests refused by a limit',
      labelNames: ['tier', 'limit'],
      registers: [registry],
    });
  }

  refused(tier: string, limit: string): void {
    this.#throttled.inc({ tier, limit });
  }
}
