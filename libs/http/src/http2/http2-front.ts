import { METHODS, type IncomingHttpHeaders } from 'node:http';
import {
  constants,
  createServer,
  type Http2Server,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { type Server } from 'node:https';
import { type TLSSocket } from 'node:tls';
import { type Clock, type TimerHandle } from '@facet/context';
import { type Reason } from '@facet/errors';
import { type Traffic } from '../overload/traffic.ts';
import { rawProblem } from '../server/raw-problem.ts';
import { type ServerLimits } from '../server/server-limits.ts';
import { Http2Connection } from './http2-connection.ts';
import { http2Options, maxConcurrentStreams } from './http2-limits.ts';
import { Http2Request } from './http2-request.ts';
import { Http2Response } from './http2-response.ts';

export interface Http2FrontSettings {
  readonly clock: Clock;
  readonly traffic: Traffic;
  readonly limits: ServerLimits;
  readonly onRefusal: (reason: Reason) => void;
}

const sweepMs = 1000;
const methods: ReadonlySet<string> = new Set(METHODS.filter((method) => method !== 'CONNECT'));

/**
 * HTTP/2 on a TLS server of HTTP/1.1: takes the connections that agreed on `h2` and hands each stream to the server
 * as a request like any other. What speaks HTTP/1.1 is not touched.
 */
export class Http2Front {
  readonly #server: Server;
  readonly #http2: Http2Server;
  readonly #settings: Http2FrontSettings;
  readonly #connections = new Map<ServerHttp2Session, Http2Connection>();
  #timer: TimerHandle | undefined;
  #onEmpty: (() => void) | undefined;

  constructor(server: Server, settings: Http2FrontSettings) {
    this.#server = server;
    this.#settings = settings;
    this.#http2 = createServer(http2Options);
    // The types know neither the flat list nor that these streams are a server's.
    this.#http2.on('stream', ((stream: ServerHttp2Stream, fields, _flags, rawFields: readonly string[]) =>
      this.#serve(stream, fields, rawFields)) as Parameters<Http2Server['on']>[1]);
    this.#http2.on('sessionError', ({ code }: NodeJS.ErrnoException) => {
      // Not where the client ends it with an error of its own.
      if (code?.startsWith('ERR_HTTP2') === true && code !== 'ERR_HTTP2_SESSION_ERROR') {
        settings.onRefusal('malformed_request');
      }
    });
    this.#takeOver();
    this.#sweepLater();
  }

  /** GOAWAY on every connection; resolves when all of them are closed. */
  leave(): Promise<void> {
    for (const connection of this.#connections.values()) connection.leave();
    if (this.#connections.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
    });
  }

  /** Ends every connection at once. */
  stop(): void {
    if (this.#timer) this.#settings.clock.clearTimeout(this.#timer);
    for (const connection of this.#connections.values()) connection.cut();
  }

  #takeOver(): void {
    const http1 = this.#server.listeners('secureConnection') as ((socket: TLSSocket) => void)[];
    this.#server.removeAllListeners('secureConnection');
    this.#server.on('secureConnection', (socket) => {
      if (socket.alpnProtocol === 'h2') this.#accept(socket);
      else for (const listener of http1) listener.call(this.#server, socket);
    });
  }

  #accept(socket: TLSSocket): void {
    // Emitted before `emit` returns.
    this.#http2.once('session', (session) => this.#open(session, socket));
    this.#http2.emit('connection', socket);
  }

  #open(session: ServerHttp2Session, socket: TLSSocket): void {
    const connection = new Http2Connection(session, socket, this.#settings.clock);
    this.#connections.set(session, connection);
    session.setTimeout(this.#settings.limits.idleTimeoutMs, () => connection.cut());
    session.once('close', () => {
      this.#connections.delete(session);
      if (this.#connections.size === 0) this.#onEmpty?.();
    });
  }

  #serve(stream: ServerHttp2Stream, fields: IncomingHttpHeaders, rawFields: readonly string[]): void {
    // Whatever it is, its end follows as an event.
    stream.on('error', () => undefined);
    const connection = stream.session && this.#connections.get(stream.session as ServerHttp2Session);
    // Reset before its turn has come: not even its end would be heard of.
    if (connection === undefined || stream.destroyed || stream.aborted) return;
    // A client that never acknowledges our settings is not held to them by Node.
    if (connection.streams >= maxConcurrentStreams) {
      stream.close(constants.NGHTTP2_REFUSED_STREAM);
      return;
    }
    this.#count(stream, connection);
    if (methods.has(String(fields[':method']))) this.#emit(stream, connection, fields, rawFields);
    else this.#refuse(stream, 'method_not_implemented');
  }

  #count(stream: ServerHttp2Stream, connection: Http2Connection): void {
    const { limits, traffic } = this.#settings;
    connection.begin();
    stream.once('close', () => {
      connection.end();
      if (traffic.isDraining && connection.streams === 0) connection.leave();
    });
    if (connection.served >= limits.maxRequestsPerConnection) connection.leave();
  }

  #emit(
    stream: ServerHttp2Stream,
    connection: Http2Connection,
    fields: IncomingHttpHeaders,
    rawFields: readonly string[],
  ): void {
    const request = new Http2Request(stream, fields, rawFields, connection.socket);
    const response = new Http2Response(stream, request.method);
    const end = (): void => {
      response.endWithStream();
      request.abort();
    };
    stream.once('close', end).once('aborted', () => {
      // What is destroyed by now broke off on our side.
      if (!response.destroyed) connection.breakOff();
      end();
    });
    stream.setTimeout(this.#settings.limits.idleTimeoutMs, () => response.destroy());
    // The answer is complete and the request is not: the client need not send the rest (RFC 9113, section 8.1).
    response.once('finish', () => {
      if (!request.complete) stream.close(constants.NGHTTP2_NO_ERROR);
    });
    this.#server.emit('request', request, response);
  }

  /** What no router knows: CONNECT among it, and with it WebSockets over HTTP/2 (RFC 8441). */
  #refuse(stream: ServerHttp2Stream, reason: Reason): void {
    this.#settings.onRefusal(reason);
    const { status, fields, body } = rawProblem(reason, this.#settings.clock.now());
    if (!stream.closed) stream.respond({ ...fields, ':status': status });
    stream.end(body);
  }

  /** Connections that ask for nothing: before their first request as long as a head may take, later as long as idle ones live. */
  #sweepLater(): void {
    const { clock, limits } = this.#settings;
    this.#timer = clock.setTimeout(() => {
      for (const connection of this.#connections.values()) {
        const limitMs = connection.served === 0 ? limits.headersTimeoutMs : limits.keepAliveTimeoutMs;
        if (connection.idleMs > limitMs || connection.isLeaving) connection.leave();
      }
      this.#sweepLater();
    }, sweepMs);
  }
}
