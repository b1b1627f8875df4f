import { type RequestMetrics, type RequestSeries } from '../metrics/request-metrics.ts';

/** What requests of one route, method and status have in common: found once for the log and the metrics. */
export interface RequestKind {
  /** Template or `unmatched`. */
  readonly route: string;
  /** Bounded: one of the known methods or `OTHER`. */
  readonly method: string;
  readonly status: number;
  readonly series: RequestSeries;
  /** What its log lines have in common, of the HTTP version that asked last; the log's own. */
  text?: { readonly httpVersion: string; readonly bytes: Uint8Array };
}

/** Upstreams of routes can make up statuses, and routes come and go with reloads: with more than that it starts anew. */
const mostKinds = 5_000;

export class RequestKinds {
  readonly #metrics: RequestMetrics;
  readonly #routes = new Map<string, Map<number, Map<string, RequestKind>>>();
  #count = 0;

  constructor(metrics: RequestMetrics) {
    this.#metrics = metrics;
  }

  of(route: string, method: string, status: number): RequestKind {
    let statuses = this.#routes.get(route);
    if (statuses === undefined) this.#routes.set(route, (statuses = new Map()));
    let methods = statuses.get(status);
    if (methods === undefined) statuses.set(status, (methods = new Map()));
    const known = methods.get(method);
    if (known !== undefined) return known;
    const kind: RequestKind = {
      route,
      method,
      status,
      series: this.#metrics.seriesOf(method, route, status),
    };
    methods.set(method, kind);
    if (++this.#count > mostKinds) {
      this.#routes.clear();
      this.#count = 0;
    }
    return kind;
  }
}
