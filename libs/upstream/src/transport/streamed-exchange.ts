import { GatewayError } from '@facet/errors';
import { type DoneListener } from '@facet/resilience';
import { Readable } from 'node:stream';
import { type Dispatcher } from 'undici';
import { Exchange, type ExchangeParts } from './exchange.ts';
import { assertSoundHead } from './head-check.ts';
import { ResponseBody } from './response-body.ts';
import { type StreamedAnswer } from './transport.ts';

type Headers = Record<string, string | string[]>;

/** Receives one answer as a stream: the head resolves, the body follows as fast as it is read. */
export class StreamedExchange extends Exchange<StreamedAnswer> {
  #body: ResponseBody | undefined;

  constructor(parts: ExchangeParts) {
    super(parts);
    // Before undici's own listener: an upload that breaks off is the client's doing, not the upstream's.
    if (this.request.body instanceof Readable) {
      this.request.body.once('error', () =>
        this.abort(new GatewayError('client_closed_request', { upstream: this.upstream })),
      );
    }
  }

  override onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#body?.push(chunk) === false) controller.pause();
  }

  protected override informed(controller: Dispatcher.DispatchController, status: number): void {
    if (!this.failed) this.attempt.informed?.(status, pairs(controller.rawHeaders as readonly Buffer[]));
  }

  protected override headed(
    controller: Dispatcher.DispatchController,
    status: number,
    statusText: string,
    headers: Headers,
  ): void {
    assertSoundHead(headers, this.upstream);
    this.#body = new ResponseBody(controller);
    const rawHeaders = pairs(controller.rawHeaders as readonly Buffer[]);
    this.resolve(new HeadedAnswer(status, statusText, headers, rawHeaders, this.#body));
  }

  protected override ended(): void {
    this.#body?.complete();
  }

  protected override fail(failure: GatewayError): void {
    super.fail(failure);
    this.#body?.destroy(failure);
    if (this.request.body instanceof Readable) this.request.body.destroy();
  }
}

function pairs(raw: readonly Buffer[]): [string, string][] {
  const fields: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    fields.push([(raw[index] as Buffer).toString('latin1'), (raw[index + 1] as Buffer).toString('latin1')]);
  }
  return fields;
}

class HeadedAnswer implements StreamedAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  readonly rawHeaders: readonly (readonly [string, string])[];
  readonly body: ResponseBody;

  constructor(
    status: number,
    statusText: string,
    headers: Headers,
    rawHeaders: readonly (readonly [string, string])[],
    body: ResponseBody,
  ) {
    this.status = status;
    this.statusText = statusText;
    this.headers = headers;
    this.rawHeaders = rawHeaders;
    this.body = body;
  }

  get retryAfter(): string | undefined {
    return this.headers['retry-after'] as string | undefined;
  }

  discard(): void {
    this.body.discard();
  }

  whenDone(listener: DoneListener): void {
    this.body.whenDone(listener);
  }
}
