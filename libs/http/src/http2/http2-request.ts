import { type IncomingHttpHeaders } from 'node:http';
import { type ServerHttp2Stream } from 'node:http2';
import { type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { http1Fields } from './http2-fields.ts';

/**
 * A stream's request as Node's `IncomingMessage` would show it. Node's own compatibility layer ends the body of a
 * reset stream like a whole one and has the pseudo-fields among the others; this one does neither.
 */
export class Http2Request extends Readable {
  readonly httpVersion = '2.0';
  readonly httpVersionMajor = 2;
  readonly httpVersionMinor = 0;
  readonly method: string;
  url: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: string[];
  readonly socket: Socket;
  /** Its last byte has been read. */
  complete: boolean;
  /** The client gave it up. */
  aborted = false;
  readonly #stream: ServerHttp2Stream;
  #isReading = false;

  constructor(
    stream: ServerHttp2Stream,
    fields: IncomingHttpHeaders,
    rawFields: readonly string[],
    socket: Socket,
  ) {
    super();
    const { method, url, headers, rawHeaders } = http1Fields(fields, rawFields, !stream.endAfterHeaders);
    this.method = method;
    this.url = url;
    this.headers = headers;
    this.rawHeaders = rawHeaders;
    this.socket = socket;
    this.#stream = stream;
    this.complete = stream.endAfterHeaders;
    if (this.complete) this.push(null);
  }

  /** The stream broke off, or nobody wants the rest of it: never a clean end. */
  abort(): void {
    this.aborted ||= !this.complete;
    this.destroy();
  }

  override _read(): void {
    if (this.complete) return;
    if (!this.#isReading) {
      this.#isReading = true;
      this.#stream.on('data', this.#onData).once('end', this.#onEnd);
    }
    this.#stream.resume();
  }

  /** Only who listens is told of an error, as with HTTP/1.1. */
  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#stream.off('data', this.#onData).off('end', this.#onEnd);
    const fault = this.aborted ? Object.assign(new Error('aborted'), { code: 'ECONNRESET' }) : error;
    callback(this.listenerCount('error') === 0 ? null : fault);
  }

  readonly #onData = (chunk: Buffer): void => {
    if (!this.push(chunk)) this.#stream.pause();
  };

  readonly #onEnd = (): void => {
    // Node ends the body of a stream that was reset without an error as if it were whole.
    if (this.#stream.closed) this.abort();
    else {
      this.complete = true;
      this.push(null);
    }
  };
}
