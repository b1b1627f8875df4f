import { constants, type ServerHttp2Session } from 'node:http2';
import { type Socket } from 'node:net';
import { type Clock } from '@facet/context';
import { Allowance } from './allowance.ts';
import { brokenStreams, connectionWindowBytes, controlFrames } from './http2-limits.ts';

/** What one HTTP/2 connection has under way, since when it has nothing, and how often it asks for nothing. */
export class Http2Connection {
  readonly session: ServerHttp2Session;
  readonly socket: Socket;
  readonly #clock: Clock;
  #streams = 0;
  #served = 0;
  #idleSinceMs: number;
  readonly #controlFrames: Allowance;
  readonly #brokenStreams: Allowance;

  constructor(session: ServerHttp2Session, socket: Socket, clock: Clock) {
    this.session = session;
    this.socket = socket;
    this.#clock = clock;
    this.#idleSinceMs = clock.monotonic();
    this.#controlFrames = new Allowance(controlFrames, clock);
    this.#brokenStreams = new Allowance(brokenStreams, clock);
    session.setLocalWindowSize(connectionWindowBytes);
    session.on('ping', this.#onControlFrame).on('remoteSettings', this.#onControlFrame);
  }

  /** Requests under way. */
  get streams(): number {
    return this.#streams;
  }

  /** Requests since the connection was opened. */
  get served(): number {
    return this.#served;
  }

  /** It has been told to go, in order or not. */
  get isLeaving(): boolean {
    return this.session.closed || this.session.destroyed;
  }

  /** How long nothing has been under way; 0 while something is. Bytes that make no request do not count. */
  get idleMs(): number {
    return this.#streams > 0 ? 0 : this.#clock.monotonic() - this.#idleSinceMs;
  }

  begin(): void {
    this.#streams++;
    this.#served++;
  }

  end(): void {
    if (--this.#streams === 0) this.#idleSinceMs = this.#clock.monotonic();
  }

  /**
   * GOAWAY: what is under way ends in order, and whatever comes later is for another connection. Who is told again and
   * has nothing under way is cut off: Node would wait for ever for a client that does not hang up.
   */
  leave(): void {
    if (this.session.destroyed) this.socket.destroy();
    else if (!this.session.closed) this.session.close();
    else if (this.#streams === 0) this.cut();
  }

  /** Ends it at once, with an error, so that no answer it cuts short is taken for whole. */
  cut(): void {
    this.session.destroy(constants.NGHTTP2_INTERNAL_ERROR as never);
    setImmediate(() => this.socket.destroy());
  }

  /** A request broke off by the client's doing. */
  breakOff(): void {
    if (!this.#brokenStreams.take()) this.#calm('too many requests given up');
  }

  readonly #onControlFrame = (): void => {
    if (!this.#controlFrames.take()) this.#calm('too many control frames');
  };

  #calm(why: string): void {
    const error = Object.assign(new Error(why), { code: 'ERR_HTTP2_FLOOD' });
    this.session.destroy(error, constants.NGHTTP2_ENHANCE_YOUR_CALM);
  }
}
