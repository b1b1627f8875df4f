import { type Readable } from 'node:stream';
import { type HeaderField } from './forwarding/header-fields.ts';

/** Wants the interim answers (1xx) that precede an answer; 100 is between two hops and not among them (RFC 9110, 15.2). */
export interface InterimListener {
  /** @param fields end-to-end ones */
  onInterim(status: number, fields: readonly HeaderField[]): void;
}

/** A request that is passed on as it is. */
export interface ForwardRequest {
  /** Any token; unknown ones pass, CONNECT and TRACE do not. */
  readonly method: string;
  /** Template, `/hello/:id`: a label of latencies, never a concrete path. */
  readonly route: string;
  /** Path and query byte for byte, without the upstream's base path. */
  readonly path: string;
  /** The client's fields as they came; hygiene is done here. */
  readonly headers: readonly HeaderField[];
  /** Fields the gateway itself sets: they replace the client's of the same name, and may be credentials. */
  readonly ownHeaders?: readonly HeaderField[];
  /** A stream is sent once, whatever the method, and never destroyed here; a Buffer may be sent again. */
  readonly body?: Readable | Buffer;
  /** False: never sent twice, though method and body would allow it. Default true. */
  readonly bodyReplayable?: boolean;
  /** How the client reached us. Default `http`. */
  readonly scheme?: 'http' | 'https';
  /** To the head of the answer, with all attempts; the request's deadline may be nearer. Default: `totalMs`. */
  readonly timeoutMs?: number;
  /** Attempts at most, the first included. Default: as the upstream's definition says. */
  readonly retryAttempts?: number;
  /** Statuses worth another attempt. Default: none, an answer is an answer. */
  readonly retryStatuses?: readonly number[];
  /** Told of the upstream's interim answers before this call resolves. Default: they are dropped. */
  readonly interim?: InterimListener;
}

/** The upstream's answer, whatever its status. */
export interface ForwardResponse {
  readonly status: number;
  readonly statusText: string;
  /** Hop-by-hop fields removed; order, case and repetition as they came. */
  readonly headers: readonly HeaderField[];
  /**
   * A Buffer when all of it came with the head. A stream ends only when the upstream's message was complete; anything
   * else destroys it with a `GatewayError`, so the client must not be shown a clean end either. Destroying it early
   * closes the upstream's socket.
   */
  readonly body: Readable | Buffer;
}
