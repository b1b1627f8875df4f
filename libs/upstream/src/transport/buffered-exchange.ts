import { GatewayError } from '@facet/errors';
import { type DoneListener } from '@facet/resilience';
import { type Dispatcher } from 'undici';
import { Exchange, type ExchangeParts } from './exchange.ts';
import { assertSoundHead, declaredLength } from './head-check.ts';
import { type BufferedAnswer } from './transport.ts';

/** Bytes of an unwanted body that are read so that its socket can be used again; past that the socket is closed. */
const drainCapBytes = 64 * 1024;
const empty = Buffer.alloc(0);

type Headers = Record<string, string | string[]>;

/** Receives one answer into memory. Unwanted bodies are answered at their head and drained behind the caller's back. */
export class BufferedExchange extends Exchange<BufferedAnswer> {
  readonly #maxBytes: number;
  readonly #chunks: Buffer[] = [];
  #status = 0;
  #statusText = '';
  #headers: Headers = {};
  #bytes = 0;
  #draining = false;

  constructor(parts: ExchangeParts, maxBytes: number) {
    super(parts);
    this.#maxBytes = maxBytes;
  }

  protected override headed(
    _: Dispatcher.DispatchController,
    status: number,
    statusText: string,
    headers: Headers,
  ): void {
    this.#status = status;
    this.#statusText = statusText;
    this.#headers = headers;
    assertSoundHead(headers, this.upstream);
    const length = declaredLength(headers);
    if (!this.request.wants(status)) this.#drain(length);
    else if (length > this.#maxBytes) throw this.#tooLarge();
  }

  override onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#draining) {
      if (this.#bytes > drainCapBytes) this.#drop();
    } else if (this.#bytes > this.#maxBytes) {
      this.abort(this.#tooLarge());
    } else {
      this.#chunks.push(chunk);
    }
  }

  protected override ended(): void {
    if (this.#draining) return;
    const [first] = this.#chunks;
    const body = this.#chunks.length > 1 ? Buffer.concat(this.#chunks, this.#bytes) : (first ?? empty);
    this.resolve(new WholeAnswer(this.#status, this.#statusText, this.#headers, body));
  }

  #drain(length: number): void {
    this.#draining = true;
    this.resolve(new WholeAnswer(this.#status, this.#statusText, this.#headers, empty));
    if (length > drainCapBytes) this.#drop();
  }

  #drop(): void {
    this.abort(new GatewayError('client_closed_request', { upstream: this.upstream }));
  }

  #tooLarge(): GatewayError {
    return new GatewayError('upstream_body_too_large', { upstream: this.upstream });
  }
}

class WholeAnswer implements BufferedAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  readonly body: Buffer;

  constructor(status: number, statusText: string, headers: Headers, body: Buffer) {
    this.status = status;
    this.statusText = statusText;
    this.headers = headers;
    this.body = body;
  }

  get retryAfter(): string | undefined {
    return this.headers['retry-after'] as string | undefined;
  }

  discard(): void {
    // The body is in memory, or already being drained: nothing is held.
  }

  whenDone(listener: DoneListener): void {
    listener.done();
  }
}
