import { GatewayError } from '@facet/errors';
import { type DoneListener } from '@facet/resilience';
import { Readable } from 'node:stream';
import { type AnswerSource } from './exchange.ts';

/** Bytes of an abandoned body that are read so that its socket can be used again. */
const drainCapBytes = 64 * 1024;

/**
 * The body of a streamed answer. It ends only when the message was complete; destroying it early closes the socket,
 * so that a client who leaves stops the upstream.
 */
export class ResponseBody extends Readable {
  readonly #source: AnswerSource;
  readonly #listeners: DoneListener[] = [];
  #complete = false;
  #done = false;
  #failure: GatewayError | undefined;

  constructor(source: AnswerSource) {
    super({ highWaterMark: 64 * 1024 });
    this.#source = source;
    // It may break off before anybody has begun to read it: that must not be an uncaught error.
    this.on('error', () => undefined);
  }

  /** The message was whole. */
  complete(): void {
    this.#complete = true;
    this.push(null);
  }

  /** Drains what is small and drops what is not. */
  discard(): void {
    let bytes = 0;
    this.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > drainCapBytes) this.destroy();
    });
  }

  whenDone(listener: DoneListener): void {
    if (this.#done) listener.done(this.#failure);
    else this.#listeners.push(listener);
  }

  override _read(): void {
    if (!this.#complete) this.#source.resume();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#done = true;
    if (error instanceof GatewayError) this.#failure = error;
    if (!this.#complete) this.#source.abort(asGatewayError(error));
    for (const listener of this.#listeners) listener.done(this.#failure);
    callback(error);
  }
}

function asGatewayError(error: Error | null): GatewayError {
  return error instanceof GatewayError ? error : new GatewayError('client_closed_request');
}
