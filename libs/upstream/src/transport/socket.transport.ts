import { systemClock } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { ExpiryLine } from '@facet/resilience';
import { type UpstreamSettings } from '../upstream-settings.ts';
import { BufferedExchange } from './buffered-exchange.ts';
import { type Exchange, type Sendable, type SocketGate } from './exchange.ts';
import { type Opener, openerOf } from './http1/opener.ts';
import { type ConnectionOwner, UpstreamConnection } from './http1/upstream-connection.ts';
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
/** An upstream that says how long it waits is believed, less what a request takes to get there. */
const travelMs = 1_000;

/** One origin, one request at a time on a socket, HTTP/1.1. */
export class SocketTransport extends Transport implements SocketGate, ConnectionOwner {
  readonly upstream: string;
  readonly authority: string;
  readonly bodies: ExpiryLine;
  readonly bodyIdleMs: number;
  readonly #settings: UpstreamSettings;
  readonly #opener: Opener;
  readonly #all = new Set<UpstreamConnection>();
  /** The last one used comes first: those that are not needed grow old and go. */
  readonly #idle: UpstreamConnection[] = [];
  readonly #idleLine: ExpiryLine;
  /** Requests that have a connection and are not over. No more than there may be sockets. */
  #sent = 0;
  readonly #waiting = new Set<Sendable>();
  #draining: GatewayError | undefined;

  constructor(settings: UpstreamSettings) {
    super();
    this.#settings = settings;
    this.upstream = settings.name;
    this.authority = new URL(settings.origin).host;
    this.#opener = openerOf(settings);
    this.bodies = new ExpiryLine(systemClock);
    this.bodyIdleMs = settings.timeouts.idleMs;
    this.#idleLine = new ExpiryLine(systemClock);
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
    return { connected: this.#all.size, pending: this.#sent + this.#waiting.size };
  }

  override close(): Promise<void> {
    const draining = (this.#draining ??= new GatewayError('draining', { upstream: this.upstream }));
    for (const exchange of this.#waiting) exchange.abort(draining);
    for (const connection of this.#all) connection.abort(draining);
    return Promise.resolve();
  }

  nowMs(): number {
    return systemClock.monotonic();
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

  idle(connection: UpstreamConnection, idleMs = keepAliveMs + travelMs): void {
    const goodForMs = Math.min(keepAliveMs, idleMs - travelMs);
    if (goodForMs <= 0) {
      connection.close();
      return;
    }
    connection.expiresAtMs = this.nowMs() + goodForMs;
    this.#idleLine.add(connection);
    this.#idle.push(connection);
  }

  closed(connection: UpstreamConnection): void {
    this.#all.delete(connection);
    this.#leaveIdle(connection);
  }

  #send<A>(exchange: Exchange<A>, attempt: TransportAttempt): Promise<A> {
    attempt.bind(exchange);
    // Nobody would close what a late caller opens.
    if (this.#draining !== undefined) exchange.abort(this.#draining);
    if (exchange.failed) return exchange.answer;
    if (this.#sent < this.#settings.maxConnections) this.#dispatch(exchange);
    else this.#waiting.add(exchange);
    return exchange.answer;
  }

  #dispatch(exchange: Sendable): void {
    this.#sent++;
    this.#connection().carry(exchange);
  }

  #connection(): UpstreamConnection {
    const idle = this.#idle.pop();
    if (idle !== undefined) {
      this.#idleLine.remove(idle);
      return idle;
    }
    const connection = new UpstreamConnection(this, this.#opener);
    this.#all.add(connection);
    return connection;
  }

  #leaveIdle(connection: UpstreamConnection): void {
    const place = this.#idle.indexOf(connection);
    if (place === -1) return;
    this.#idle.splice(place, 1);
    this.#idleLine.remove(connection);
  }
}
