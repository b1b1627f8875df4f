import { type GatewayError } from '@facet/errors';
import { type Answer } from '@facet/resilience';
import { type Readable } from 'node:stream';

/** One request as it goes out on the wire. */
export interface TransportRequest {
  readonly method: string;
  /** Origin-form, base path and query included, already checked. */
  readonly path: string;
  /** Name, value, name, value, in the order they are sent. */
  readonly headers: string[];
  readonly body: string | Buffer | Readable | null;
  /** Whether the body of an answer with this status is wanted; otherwise it is drained or dropped. Buffered only. */
  wants(status: number): boolean;
}

/** The attempt a request belongs to, as the transport sees it. */
export interface TransportAttempt {
  /** Set by the transport when the head of the answer is there. */
  answered: boolean;
  /**
   * Told of interim answers (1xx) to a streamed request, in their order, before the head is there.
   * @param fields as they came: order, case and repetition kept
   */
  informed?(status: number, fields: readonly (readonly [name: string, value: string])[]): void;
  /** Names who is to be told when the attempt is given up; told at once when it already is. */
  bind(exchange: Abortable): void;
}

export interface Abortable {
  abort(reason: GatewayError): void;
}

/** The fields of an answer, made in the form that is asked for. */
export interface AnswerFields {
  /** Lower-case names; repeated fields as arrays. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** All values of a field, as one list. */
  value(lowerName: string): string | undefined;
}

export interface HeadOfAnswer extends AnswerFields {
  readonly status: number;
  readonly statusText: string;
  /** As they came: order, case and repetition kept. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/** An answer whose body is whole in memory. */
export interface BufferedAnswer extends Answer {
  readonly head: HeadOfAnswer;
  readonly body: Buffer;
}

/** An answer whose body is on its way. */
export interface StreamedAnswer extends Answer {
  readonly head: HeadOfAnswer;
  /**
   * A Buffer when all of it came with the head. A stream ends only when the upstream's message was complete; anything
   * else destroys it with a `GatewayError`.
   */
  readonly body: Readable | Buffer;
}

export interface TransportStats {
  /** Sockets open. */
  readonly connected: number;
  /** Requests under way or waiting for a socket. */
  readonly pending: number;
}

/**
 * Carries requests to one upstream's origin and nowhere else: no redirects, no proxies, no other host. Every failure
 * is a `GatewayError`; any HTTP status is an answer. The seam: the first implementation speaks HTTP/1.1 on sockets.
 */
export abstract class Transport {
  /** Reads the whole body, up to the upstream's byte cap. */
  abstract exchange(request: TransportRequest, attempt: TransportAttempt): Promise<BufferedAnswer>;
  /** Resolves with the head; the body follows with back-pressure. */
  abstract stream(request: TransportRequest, attempt: TransportAttempt): Promise<StreamedAnswer>;
  abstract stats(): TransportStats;
  /** Closes every socket; what is under way or waits fails with `draining`. */
  abstract close(): Promise<void>;
}
