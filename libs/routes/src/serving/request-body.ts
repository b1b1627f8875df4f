import { type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { GatewayError } from '@facet/errors';
import { streamGarbage } from './stream-garbage.ts';

/** Whether content follows the head (RFC 9112, section 6). */
export function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && Number(length) > 0);
}

/**
 * The client's body on its way up, no faster than it is read. Destroying it leaves the client's connection alone, so
 * that a problem can still be sent; more than `limitBytes` destroys it with `body_too_large`.
 */
export class RequestBody extends Readable {
  readonly #raw: IncomingMessage;
  readonly #limitBytes: number;
  #receivedBytes = 0;
  #fault: GatewayError | undefined;

  /** @throws `body_too_large` at once when the declared length says so: nothing of it is read */
  constructor(raw: IncomingMessage, limitBytes: number) {
    super({ highWaterMark: 64 * 1024 });
    if (Number(raw.headers['content-length'] ?? 0) > limitBytes) throw tooLarge();
    this.#raw = raw;
    this.#limitBytes = limitBytes;
    // Its reader may have gone when it breaks off: that must not be an uncaught error.
    this.on('error', () => undefined);
    raw.pause().on('data', this.#onData).on('end', this.#onEnd).on('close', this.#onClose);
  }

  /** Bytes that have come. */
  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** Why it broke off, when that was the client's doing. */
  get fault(): GatewayError | undefined {
    return this.#fault;
  }

  /** The reader holds back: what has come has not been taken. */
  get isBlocked(): boolean {
    return this.readableLength >= this.readableHighWaterMark;
  }

  override _read(): void {
    this.#raw.resume();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#raw.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onClose);
    if (!this.#raw.readableEnded) this.#raw.pause();
    callback(error);
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#receivedBytes += chunk.length;
    streamGarbage.add(chunk);
    if (this.#receivedBytes > this.#limitBytes) this.#fail(tooLarge());
    else if (!this.push(chunk)) this.#raw.pause();
  };

  readonly #onEnd = (): void => {
    this.push(null);
  };

  /** Closed before its end: never a clean end for the upstream. */
  readonly #onClose = (): void => {
    if (!this.#raw.readableEnded) this.#fail(new GatewayError('client_closed_request'));
  };

  #fail(fault: GatewayError): void {
    this.#fault = fault;
    this.destroy(fault);
  }
}

function tooLarge(): GatewayError {
  return new GatewayError('body_too_large', { closeConnection: true });
}
