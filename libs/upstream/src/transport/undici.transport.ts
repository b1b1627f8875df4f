import { GatewayError } from '@facet/errors';
import { Pool } from 'undici';
import { type UpstreamSettings } from '../upstream-settings.ts';
import { BufferedExchange } from './buffered-exchange.ts';
import { connectorWithin } from './connector.ts';
import { type Exchange, type Sendable, type SocketGate } from './exchange.ts';
import { StreamedExchange } from './streamed-exchange.ts';
import {
  type BufferedAnswer,
  type StreamedAnswer,
  Transport,
  type TransportAttempt,
  type TransportRequest,
  type TransportStats,
} from './transport.ts';

/** Node servers close a socket idle for 5 s; ours must give up earlier or a request meets the closing. */
const keepAliveMs = 4_000;

/** undici's pool at dispatch level: one origin, one request at a time on a socket, HTTP/1.1. */
export class UndiciTransport extends Transport implements SocketGate {
  readonly #pool: Pool;
  readonly #settings: UpstreamSettings;
  /**
   * Requests given to undici and not over. No more than there are sockets, because undici can't take back what waits
   * for one: it would connect for requests that nobody wants any more, while wanted ones wait behind them.
   */
  #sent = 0;
  readonly #waiting = new Set<Sendable>();

  constructor(settings: UpstreamSettings) {
    super();
    this.#settings = settings;
    this.#pool = new Pool(settings.origin, {
      connect: connectorWithin(settings.timeouts.connectMs, settings.name, settings.tls),
      connections: settings.maxConnections,
      pipelining: 1,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
      // The attempt's own timer watches the head, to the millisecond.
      headersTimeout: 0,
      bodyTimeout: settings.timeouts.idleMs,
      allowH2: false,
      strictContentLength: true,
    });
  }

  override exchange(request: TransportRequest, attempt: TransportAttempt): Promise<BufferedAnswer> {
    const { name: upstream, maxResponseBytes } = this.#settings;
    return this.#send(
      new BufferedExchange({ request, attempt, upstream, gate: this }, maxResponseBytes),
      attempt,
    );
  }

  override stream(request: TransportRequest, attempt: TransportAttempt): Promise<StreamedAnswer> {
    return this.#send(
      new StreamedExchange({ request, attempt, upstream: this.#settings.name, gate: this }),
      attempt,
    );
  }

  override stats(): TransportStats {
    return { connected: this.#pool.stats.connected, pending: this.#sent + this.#waiting.size };
  }

  override async close(): Promise<void> {
    const draining = new GatewayError('draining', { upstream: this.#settings.name });
    for (const exchange of this.#waiting) exchange.abort(draining);
    await this.#pool.destroy(draining);
  }

  givenUp(exchange: Sendable): void {
    this.#waiting.delete(exchange);
  }

  over(): void {
    this.#sent--;
    const [next] = this.#waiting;
    if (next === undefined) return;
    this.#waiting.delete(next);
    this.#dispatch(next);
  }

  #send<A>(exchange: Exchange<A>, attempt: TransportAttempt): Promise<A> {
    attempt.bind(exchange);
    if (exchange.failed) return exchange.answer;
    if (this.#sent < this.#settings.maxConnections) this.#dispatch(exchange);
    else this.#waiting.add(exchange);
    return exchange.answer;
  }

  #dispatch(exchange: Sendable): void {
    this.#sent++;
    const { method, path, headers, body } = exchange.request;
    this.#pool.dispatch({ method, path, headers, body }, exchange);
  }
}
