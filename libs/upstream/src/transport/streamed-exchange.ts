import { GatewayError } from '@facet/errors';
import { Readable } from 'node:stream';
import { type Dispatcher } from 'undici';
import { Exchange, type ExchangeParts } from './exchange.ts';
import { assertSoundHead } from './head-check.ts';
import { HeadedAnswer } from './headed-answer.ts';
import { type StreamedAnswer } from './transport.ts';

type Headers = Record<string, string | string[]>;

/** Receives one answer as a stream: the head resolves, the body follows as fast as it is read. */
export class StreamedExchange extends Exchange<StreamedAnswer> {
  #headed: HeadedAnswer | undefined;

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
    if (this.#headed?.push(chunk) === false) controller.pause();
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
    const rawHeaders = pairs(controller.rawHeaders as readonly Buffer[]);
    this.#headed = new HeadedAnswer(status, statusText, headers, rawHeaders, controller);
    this.resolve(this.#headed);
  }

  protected override ended(): void {
    this.#headed?.complete();
  }

  protected override fail(failure: GatewayError): void {
    super.fail(failure);
    this.#headed?.fail(failure);
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
