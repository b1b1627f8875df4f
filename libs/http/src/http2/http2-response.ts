import {
  type OutgoingHttpHeader,
  type OutgoingHttpHeaders,
  validateHeaderName,
  validateHeaderValue,
} from 'node:http';
import { type ServerHttp2Stream } from 'node:http2';
import { type Socket } from 'node:net';
import { Writable } from 'node:stream';

/** Of one HTTP/1.1 connection; an HTTP/2 message with one of them is malformed (RFC 9113, section 8.2.2). */
const connectionFields: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** A stream's answer as Node's `ServerResponse` would take it; a stream like others, so that it ends or breaks off. */
export class Http2Response extends Writable {
  statusCode = 200;
  /** HTTP/2 has none. */
  statusMessage = '';
  headersSent = false;
  /** Called once when the stream ends before the answer does. */
  onBreak: (() => void) | undefined;
  readonly #stream: ServerHttp2Stream;
  readonly #isHead: boolean;
  #isDelivered = false;
  readonly #fields: Record<string, OutgoingHttpHeader> = Object.create(null) as Record<string, never>;

  /** @param method of the request: an answer to HEAD has no body */
  constructor(stream: ServerHttp2Stream, method: string) {
    super({ decodeStrings: false });
    this.#stream = stream;
    this.#isHead = method === 'HEAD';
  }

  get socket(): Socket | undefined {
    return this.#stream.session?.socket;
  }

  setHeader(name: string, value: OutgoingHttpHeader): this {
    const lower = name.toLowerCase();
    if (connectionFields.has(lower)) return this;
    validateHeaderName(name);
    for (const one of Array.isArray(value) ? value : [value]) validateHeaderValue(name, String(one));
    this.#fields[lower] = value;
    return this;
  }

  getHeader(name: string): OutgoingHttpHeader | undefined {
    return this.#fields[name.toLowerCase()];
  }

  getHeaders(): OutgoingHttpHeaders {
    return { ...this.#fields };
  }

  getHeaderNames(): string[] {
    return Object.keys(this.#fields);
  }

  hasHeader(name: string): boolean {
    return this.getHeader(name) !== undefined;
  }

  removeHeader(name: string): void {
    delete this.#fields[name.toLowerCase()];
  }

  writeHead(status: number, fields: OutgoingHttpHeaders = {}): this {
    for (const name in fields) {
      const value = fields[name];
      if (value !== undefined) this.setHeader(name, value);
    }
    this.statusCode = status;
    this.flushHeaders();
    return this;
  }

  flushHeaders(): void {
    if (this.headersSent) return;
    this.headersSent = true;
    if (this.#isGone) return;
    // Node sends no status above 599; clients take one for any 5xx (RFC 9110, section 15).
    const status = Math.min(this.statusCode, 599);
    this.#stream.respond({ ...this.#fields, ':status': status }, { endStream: this.#isBodiless });
  }

  writeContinue(): void {
    this.writeInformation(100);
  }

  writeInformation(status: number, fields: OutgoingHttpHeaders = {}): void {
    if (this.headersSent || this.#isGone) return;
    const interim: OutgoingHttpHeaders = { ':status': status };
    for (const name in fields) if (!connectionFields.has(name.toLowerCase())) interim[name] = fields[name];
    this.#stream.additionalHeaders(interim);
  }

  override _write(chunk: string | Buffer, encoding: BufferEncoding, callback: () => void): void {
    this.flushHeaders();
    // What the client won't read any more ends this answer by the stream's own events.
    if (this.#isBodiless || this.#isGone) callback();
    else this.#stream.write(chunk, encoding, () => callback());
  }

  override _final(callback: () => void): void {
    this.flushHeaders();
    const onEnd = (error?: Error | null): void => {
      this.#isDelivered = error === undefined || error === null;
      if (this.#isDelivered) callback();
      else this.destroy();
    };
    if (this.#isBodiless) onEnd();
    else this.#stream.end(onEnd);
  }

  /** For the end of the stream, which may come before `finish` does: whatever has not been handed over is lost. */
  endWithStream(): void {
    if (!this.#isDelivered) this.destroy();
  }

  override _destroy(_error: Error | null, callback: (error: null) => void): void {
    if (!this.#isDelivered) {
      // The client must not take what it got for the whole: `close` would end it in order first, and then reset.
      this.#stream.destroy(new Error('the answer broke off'));
      this.onBreak?.();
    }
    this.onBreak = undefined;
    callback(null);
  }

  get #isGone(): boolean {
    return this.#stream.closed || this.#stream.destroyed;
  }

  get #isBodiless(): boolean {
    return this.#isHead || this.statusCode === 204 || this.statusCode === 205 || this.statusCode === 304;
  }
}
