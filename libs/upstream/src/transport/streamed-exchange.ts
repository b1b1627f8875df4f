import { type GatewayError } from '@facet/errors';
import { type AnswerSource, Exchange } from './exchange.ts';
import { HeadedAnswer } from './headed-answer.ts';
import { type AnswerHead } from './http1/answer-head.ts';
import { type StreamedAnswer } from './transport.ts';

/** Receives one answer as a stream: the head resolves, the body follows as fast as it is read. */
export class StreamedExchange extends Exchange<StreamedAnswer> {
  #headed: HeadedAnswer | undefined;

  override received(chunk: Buffer): boolean {
    return this.#headed?.push(chunk) ?? true;
  }

  override informed({ status, fields }: AnswerHead): void {
    if (!this.failed) this.attempt.informed?.(status, fields);
  }

  protected override accept(head: AnswerHead): void {
    this.#headed = new HeadedAnswer(head, this.source as AnswerSource);
    this.resolve(this.#headed);
  }

  protected override finish(): void {
    this.#headed?.complete();
  }

  protected override fail(failure: GatewayError): void {
    super.fail(failure);
    this.#headed?.fail(failure);
  }
}
