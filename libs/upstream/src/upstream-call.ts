import { type QueryValue } from './path.ts';

/** Reads a JSON body in another way than `JSON.parse`: of what a view does not want it makes nothing. */
export interface BodyReader {
  /** One line that says what is read. Calls whose readers have different keys share no answer. */
  readonly key: string;
  /** @throws anything where the body is no JSON, for `upstream_protocol_error` */
  read(body: Buffer): unknown;
}

/** One call as a typed client writes it. */
export interface UpstreamCall {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Template, `/orders/:id`: a label of latencies and traces, never a concrete path. */
  readonly route: string;
  /** Encoded; write it with the `path` tag. */
  readonly path: string;
  readonly query?: Readonly<Record<string, QueryValue>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * The client's key. Sent as `Idempotency-Key`, scoped by the principal, and makes a POST or PATCH one that may be
   * retried. Counts as absent for an anonymous caller.
   */
  readonly idempotencyKey?: string;
  /**
   * For this call with all its attempts; the request's deadline may be nearer. Default: the upstream's `totalMs`; a
   * longer one lifts the limit of an attempt too.
   */
  readonly timeoutMs?: number;
  /** Statuses that are an answer to this call and not a failure, besides 2xx and 304. */
  readonly acceptStatuses?: readonly number[];
  /** Default: the whole body by `JSON.parse`. Interceptors get the whole body, and so does the caller then. */
  readonly reader?: BodyReader | undefined;
  /** Policy of this call for the gateway's cache stage, in that stage's own terms. Default: not cached. */
  readonly cache?: unknown;
}

/** The answer to an `UpstreamCall`. Read only: calls that were joined share it. */
export interface UpstreamResponse<T> {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** The JSON as it was read, not checked against `T`; undefined when the body was empty. */
  readonly body: T;
}
