import { type Socket } from 'node:net';
import { type Traffic } from '../overload/traffic.ts';
import { canonicalAddress, type TrustedProxies } from './client-address.ts';
import { type GatewayRequest } from './gateway-request.ts';

const connections = new WeakMap<object, Connection>();

/** What is known once per client connection, and which of its requests are not answered yet. */
export class Connection {
  readonly peer: string;
  /** The peer is a trusted proxy: its forwarding fields are believed. */
  readonly isTrusted: boolean;
  readonly isEncrypted: boolean;
  /** An answer has said `close`, so that whatever follows may be no request at all. */
  isClosing = false;
  /** The only one, but for HTTP/2 and for clients that pipeline. */
  #first: GatewayRequest | undefined;
  #others: GatewayRequest[] | undefined;

  private constructor(socket: Socket, proxies: TrustedProxies, traffic: Traffic) {
    this.peer = canonicalAddress(socket.remoteAddress ?? '');
    this.isEncrypted = 'encrypted' in socket;
    this.isTrusted = proxies.includes(this.peer);
    // One listener per connection instead of one per request. Injected requests have no real socket.
    if (typeof socket.once === 'function') socket.once('close', () => this.#close(traffic));
  }

  static of(socket: Socket, proxies: TrustedProxies, traffic: Traffic): Connection {
    const known = connections.get(socket);
    if (known) return known;
    const connection = new Connection(socket, proxies, traffic);
    connections.set(socket, connection);
    return connection;
  }

  add(request: GatewayRequest): void {
    if (this.#first === undefined) this.#first = request;
    else (this.#others ??= []).push(request);
  }

  /** Whether it was open. */
  remove(request: GatewayRequest): boolean {
    if (this.#first === request) {
      this.#first = undefined;
      return true;
    }
    const place = this.#others?.indexOf(request) ?? -1;
    if (place !== -1) this.#others?.splice(place, 1);
    return place !== -1;
  }

  /** The client gave up one of several requests on the connection, or its answer broke off (HTTP/2). */
  abandon(request: GatewayRequest, traffic: Traffic): void {
    if (!this.remove(request)) return;
    request.leave();
    traffic.end(request);
  }

  #close(traffic: Traffic): void {
    const left = this.#first === undefined ? (this.#others ?? []) : [this.#first, ...(this.#others ?? [])];
    this.#first = undefined;
    this.#others = undefined;
    for (const request of left) {
      request.leave();
      traffic.end(request);
    }
  }
}
