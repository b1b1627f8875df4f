import { GatewayError } from '@facet/errors';
import { Expiring, type ExpiryLine } from '@facet/resilience';
import { type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { type AnswerSource, type Sendable } from '../exchange.ts';
import { failureOf } from '../socket-failure.ts';
import { AnswerFault } from './answer-fault.ts';
import { type AnswerHead } from './answer-head.ts';
import { type AnswerListener, AnswerReader } from './answer-reader.ts';
import { type Opener } from './opener.ts';
import { requestHead } from './request-head.ts';
import { Upload } from './upload.ts';

/** Where connections come from and go back to. */
export interface ConnectionOwner {
  readonly upstream: string;
  /** For `Host`. */
  readonly authority: string;
  /** Who waits for more of a body, and for how long at most. */
  readonly bodies: ExpiryLine;
  readonly bodyIdleMs: number;
  nowMs(): number;
  /** Good for another request, for so long, ms; undefined: the upstream does not say. */
  idle(connection: UpstreamConnection, idleMs: number | undefined): void;
  /** Of no more use. May be told more than once. */
  closed(connection: UpstreamConnection): void;
}

/**
 * What is read is taken apart or copied before anything else can be read: all connections share the place it is read
 * into.
 */
const readInto = Buffer.allocUnsafeSlow(64 * 1024);

/** One connection to an upstream: one request at a time, HTTP/1.1. */
export class UpstreamConnection extends Expiring implements AnswerListener, AnswerSource {
  readonly #owner: ConnectionOwner;
  readonly #socket: Socket;
  readonly #reader: AnswerReader = new AnswerReader(this);
  #exchange: Sendable | undefined;
  #upload: Upload | undefined;
  #hasHead = false;
  #isReady = false;
  #isPaused = false;
  #idleMs: number | undefined;

  constructor(owner: ConnectionOwner, opener: Opener) {
    super();
    this.#owner = owner;
    this.#socket = opener.open({ buffer: readInto, callback: (length) => this.#read(length) });
    this.#socket
      .once(opener.readyEvent, () => {
        this.#isReady = true;
        this.#send();
      })
      .on('error', (error) => this.#fail(error))
      .once('end', () => this.#finish())
      .once('close', () => this.#fail(undefined));
  }

  /** Sends a request, when there is a connection. To be called when nothing else is under way. */
  carry(exchange: Sendable): void {
    this.#exchange = exchange;
    this.#hasHead = false;
    exchange.began(this);
    if (this.#isReady && this.#exchange === exchange) this.#send();
  }

  abort(reason: GatewayError): void {
    this.#fail(reason);
  }

  pause(): void {
    this.#isPaused = true;
    this.#owner.bodies.remove(this);
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#isPaused || this.#exchange === undefined) return;
    this.#isPaused = false;
    this.#awaitMore();
    this.#socket.resume();
  }

  close(): void {
    this.#socket.destroy();
    this.#owner.closed(this);
  }

  /** The body, or whoever is idle, has kept us waiting for too long. */
  override expired(): void {
    if (this.#exchange === undefined) this.close();
    else this.#fail(new GatewayError('upstream_timeout', { upstream: this.#owner.upstream }));
  }

  informed(head: AnswerHead): void {
    this.#exchange?.informed(head);
  }

  headed(head: AnswerHead): void {
    this.#hasHead = true;
    this.#idleMs = head.idleMs;
    this.#exchange?.headed(head);
  }

  received(chunk: Buffer): void {
    if (this.#exchange?.received(chunk) === false && !this.#isPaused) this.pause();
  }

  ended(isClean: boolean): void {
    const exchange = this.#exchange;
    const isSending = this.#upload?.isComplete === false || this.#socket.writableLength > 0;
    this.#detach();
    if (this.#isPaused) {
      this.#isPaused = false;
      this.#socket.resume();
    }
    // The rest would be taken for the next request, or stand in its way.
    if (isClean && !isSending) this.#owner.idle(this, this.#idleMs);
    else this.close();
    exchange?.ended();
  }

  #send(): void {
    const exchange = this.#exchange;
    if (exchange === undefined) return;
    const { request } = exchange;
    try {
      const { text, length } = requestHead(request, this.#owner.authority);
      this.#reader.expect(request.method);
      this.#write(text, request.body, length);
    } catch (error) {
      this.#fail(error);
    }
  }

  #write(text: string, body: Sendable['request']['body'], length: number | undefined): void {
    const socket = this.#socket;
    if (body === null) {
      socket.write(text, 'latin1');
      return;
    }
    if (body instanceof Readable) {
      socket.write(text, 'latin1');
      this.#upload = new Upload(socket, body, length, (reason) => this.#fail(reason));
      return;
    }
    socket.cork();
    socket.write(text, 'latin1');
    socket.write(body);
    socket.uncork();
  }

  #read(length: number): boolean {
    try {
      this.#reader.read(readInto, length);
    } catch (error) {
      this.#fail(error instanceof AnswerFault ? this.#protocolError(error) : error);
      return false;
    }
    if (this.#hasHead && this.#exchange !== undefined && !this.#isPaused) this.#awaitMore();
    return !this.#isPaused;
  }

  #awaitMore(): void {
    const { bodies, bodyIdleMs, nowMs } = this.#owner;
    bodies.remove(this);
    this.expiresAtMs = nowMs() + bodyIdleMs;
    bodies.add(this);
  }

  #finish(): void {
    if (!this.#reader.finish()) this.#fail(undefined);
  }

  /** @param error undefined: the connection was closed */
  #fail(error: unknown): void {
    const exchange = this.#exchange;
    const phase = this.#hasHead ? 'in-body' : 'before-head';
    this.#detach();
    this.close();
    exchange?.broke(failureOf(error, this.#owner.upstream, phase));
  }

  #protocolError({ kind }: AnswerFault): GatewayError {
    return new GatewayError('upstream_protocol_error', { upstream: this.#owner.upstream, cause: kind });
  }

  #detach(): void {
    this.#exchange = undefined;
    this.#reader.stop();
    this.#owner.bodies.remove(this);
    this.#upload?.stop();
    this.#upload = undefined;
  }
}
