import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type ServiceName } from '../model.ts';
import { controlRoutes, isControlPath } from './controls.ts';
import { checkFaults, type FaultDecision, FaultSwitch, type Faults } from './faults.ts';
import { encode, faultReply, reply, send, sendHalf } from './respond.ts';
import { createRouter, type Router, type Routes } from './router.ts';
import { type LastRequest, Traffic, type TrafficStats } from './traffic.ts';

/** Node's long-standing default, fixed here: callers must cope with sockets that close after it. */
const KEEP_ALIVE_TIMEOUT_MS = 5_000;
/** Wider than a gateway's own limit, which adds headers to what it accepts. */
const MAX_HEADER_BYTES = 64 * 1024;

export interface ServiceDefinition {
  name: ServiceName;
  routes: Routes;
  /** Extra `/__*` routes. */
  controls?: Routes;
}

const pause = (delayMs: number, response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, delayMs);
    response.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });

/** One service of the dev stack on its own port; it can be stopped and started again on the same one. */
export class Service {
  readonly name: ServiceName;
  readonly #host: string;
  readonly #server: Server;
  readonly #faults = new FaultSwitch();
  readonly #traffic = new Traffic();
  readonly #routes: Router;
  readonly #controls: Router;
  #port: number;

  /** Port 0 takes a free one at the first start and keeps it. */
  constructor({ name, routes, controls }: ServiceDefinition, host: string, port: number) {
    this.name = name;
    this.#host = host;
    this.#port = port;
    this.#routes = createRouter(routes);
    this.#controls = createRouter({ ...controlRoutes(name, this.#faults, this.#traffic), ...controls });
    const options = { keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS, maxHeaderSize: MAX_HEADER_BYTES };
    this.#server = createServer(options, (request, response) => void this.#serve(request, response));
    this.#traffic.watchSockets(this.#server);
  }

  /** Where to reach it from this machine; known once started. */
  get url(): string {
    return serviceUrl(this.#host, this.#port);
  }

  /** Rejects with the listen error, `EADDRINUSE` for a port that is taken. */
  async start(): Promise<void> {
    if (this.#server.listening) return;
    // `once` takes its listeners off again when listening fails, so that start may be tried any number of times.
    const listening = once(this.#server, 'listening');
    this.#server.listen(this.#port, this.#host);
    await listening;
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Stops listening and drops every connection at once; data, faults and counts stay. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  setFaults(faults: Faults): void {
    this.#faults.set(checkFaults(faults));
  }

  clearFaults(): void {
    this.#faults.set({});
  }

  hits(): Record<string, number> {
    return this.#traffic.hits();
  }

  clearHits(): void {
    this.#traffic.clearHits();
  }

  last(): LastRequest | undefined {
    return this.#traffic.last();
  }

  stats(): TrafficStats {
    return this.#traffic.stats();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (isControlPath(path)) {
      send(response, encode(await reply(this.#controls, request)));
      return;
    }
    this.#traffic.begin(request, response, path);
    const decision = this.#faults.next();
    if (decision.latencyMs > 0) await pause(decision.latencyMs, response);
    if (!response.destroyed) await this.#answer(request, response, decision);
  }

  async #answer(request: IncomingMessage, response: ServerResponse, fault: FaultDecision): Promise<void> {
    switch (fault.kind) {
      case 'reset':
        this.#traffic.cut(response);
        request.socket.resetAndDestroy();
        return;
      case 'garbage':
        this.#traffic.cut(response);
        request.socket.end('LPTH/7.7 OK FINE\r\n\r\n');
        return;
      case 'status':
        send(response, encode(faultReply(fault.status)));
        return;
      case 'stallBody':
        sendHalf(response, encode(await reply(this.#routes, request)));
        return;
      case 'none':
        send(response, encode(await reply(this.#routes, request)));
    }
  }
}

/** A wildcard address is listened on, not called. */
export const serviceUrl = (host: string, port: number): string => {
  const callable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${callable.includes(':') ? `[${callable}]` : callable}:${port}`;
};
