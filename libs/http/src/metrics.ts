import { Counter, Gauge, type Registry } from 'prom-client';
import { type Traffic } from './overload/traffic.ts';

/** What the HTTP hooks count. */
export class HttpMetrics {
  /** Who still calls what will end: the kind of caller here, the subject in the access log. */
  readonly legacyRequests: Counter<'version' | 'route' | 'principal' | 'tier'>;
  /** Refused before there was a request to log: framing, sizes and times of whole connections. */
  readonly connectionRefusals: Counter<'reason'>;

  constructor(registry: Registry, gateway: string, traffic: Traffic) {
    this.legacyRequests = new Counter({
      name: 'gateway_legacy_requests_total',
      help: 'Requests to legacy API versions',
      labelNames: ['version', 'route', 'principal', 'tier'],
      registers: [registry],
    });
    this.connectionRefusals = new Counter({
      name: 'gateway_connection_refusals_total',
      help: 'Connections refused or closed for what was sent on them',
      labelNames: ['reason'],
      registers: [registry],
    });
    new Gauge({
      name: 'gateway_requests_in_flight',
      help: 'Requests under way',
      labelNames: ['gateway'],
      registers: [registry],
      collect() {
        this.set({ gateway }, traffic.inFlight);
      },
    });
    new Gauge({
      name: 'gateway_requests_waiting',
      help: 'Requests that wait at the door until the event loop has time for them',
      labelNames: ['gateway'],
      registers: [registry],
      collect() {
        this.set({ gateway }, traffic.waiting);
      },
    });
  }
}
