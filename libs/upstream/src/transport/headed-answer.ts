import { type GatewayError } from '@facet/errors';
import { type DoneListener } from '@facet/resilience';
import { type Readable } from 'node:stream';
import { type AnswerSource } from './exchange.ts';
import { type AnswerHead } from './http1/answer-head.ts';
import { ResponseBody } from './response-body.ts';
import { type StreamedAnswer } from './transport.ts';
import { wholeBody } from './whole-body.ts';

/** What may come before anybody asks for the body. */
const waitingBytes = 64 * 1024;

/**
 * An answer from its head on. Short bodies come in one piece with the head: whoever asks for the body after that gets
 * them as they are, and no stream is ever made.
 */
export class HeadedAnswer implements StreamedAnswer {
  readonly head: AnswerHead;
  readonly #source: AnswerSource;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #isComplete = false;
  #failure: GatewayError | undefined;
  #stream: ResponseBody | undefined;
  #listeners: DoneListener[] | undefined;

  constructor(head: AnswerHead, source: AnswerSource) {
    this.head = head;
    this.#source = source;
  }

  get status(): number {
    return this.head.status;
  }

  get retryAfter(): string | undefined {
    return this.head.value('retry-after');
  }

  get body(): Readable | Buffer {
    const isWhole = this.#stream === undefined && this.#isComplete;
    return isWhole ? wholeBody(this.#chunks, this.#bytes) : this.#streamed();
  }

  discard(): void {
    if (!this.#isOver) this.#streamed().discard();
  }

  whenDone(listener: DoneListener): void {
    if (this.#isOver) listener.done(this.#failure);
    else if (this.#stream !== undefined) this.#stream.whenDone(listener);
    else (this.#listeners ??= []).push(listener);
  }

  /** False: whoever reads is behind, or nobody does yet. */
  push(chunk: Buffer): boolean {
    if (this.#stream !== undefined) return this.#stream.push(chunk);
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    return this.#bytes < waitingBytes;
  }

  /** The message was whole. */
  complete(): void {
    if (this.#stream !== undefined) this.#stream.complete();
    else {
      this.#isComplete = true;
      this.#tell();
    }
  }

  /** It broke off. */
  fail(failure: GatewayError): void {
    if (this.#stream !== undefined) this.#stream.destroy(failure);
    else if (!this.#isComplete) {
      this.#failure = failure;
      this.#tell();
    }
  }

  get #isOver(): boolean {
    return this.#stream === undefined && (this.#isComplete || this.#failure !== undefined);
  }

  #streamed(): ResponseBody {
    if (this.#stream !== undefined) return this.#stream;
    const stream = new ResponseBody(this.#source);
    this.#stream = stream;
    for (const listener of this.#listeners ?? []) stream.whenDone(listener);
    this.#listeners = undefined;
    for (const chunk of this.#chunks) stream.push(chunk);
    this.#chunks = [];
    if (this.#failure !== undefined) stream.destroy(this.#failure);
    return stream;
  }

  #tell(): void {
    const listeners = this.#listeners;
    this.#listeners = undefined;
    if (listeners !== undefined) for (const listener of listeners) listener.done(this.#failure);
  }
}
