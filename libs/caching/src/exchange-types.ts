import { type Readable } from 'node:stream';
import { type Deadline } from '@facet/context';
import { type CacheResult } from './cache-status.ts';
import { type HeaderList } from './rules/fields.ts';

/** A request before the cache. Path and headers are those the origin will see, so that `Vary` can be judged. */
export interface CacheRequest {
  /** Label of the metric: a template, never a concrete path. */
  readonly route: string;
  /** Part of the key: requests of different scopes never share an answer (a route's id, where routes change requests). */
  readonly scope: string;
  readonly method: string;
  /** Scheme and authority the path belongs to, `http://orders:4002`. */
  readonly origin: string;
  /** Path and query, one canonical spelling. */
  readonly path: string;
  readonly headers: HeaderList;
  /**
   * False: no field of the request says anything to caches (see `concernsCaches`), so that a hit need not read `headers`,
   * which may then be a getter. Default true.
   */
  readonly concernsCaches?: boolean;
  /** Of `identityKey()`; undefined: the caller can't be told apart, so nothing is stored or reused. */
  readonly identityKey: string | undefined;
  /** The origin gets an `Authorization` field. */
  readonly hasAuthorization: boolean;
  /** The request carries content. One that does bypasses the cache. */
  readonly hasBody?: boolean;
  /** Aborts when this client goes away. Not read for what is in the store: a getter spares hits their signal. */
  readonly signal: AbortSignal;
  /** How long to wait at most for what another request is fetching; `origin` keeps to its own. Default: as long as that. */
  readonly deadline?: Deadline;
}

/** What the origin is asked: the same method, path and content, with these headers. */
export interface OriginRequest {
  readonly headers: HeaderList;
  /**
   * Aborts when nobody waits for the answer any more: use it instead of the client's own signal, since others may
   * wait for the same answer.
   */
  readonly signal: AbortSignal;
  /** Nobody waits: the client has been answered with a stale copy. Needs a deadline of its own. */
  readonly background: boolean;
}

export interface OriginResponse {
  readonly status: number;
  readonly statusText?: string;
  readonly headers: HeaderList;
  readonly body: Readable | Buffer;
}

/**
 * Asks the origin. Rejects with a `GatewayError` when there is no answer (an open breaker included); any status is
 * an answer.
 */
export type Origin = (request: OriginRequest) => Promise<OriginResponse>;

export interface CacheResponse {
  readonly status: number;
  readonly statusText?: string;
  /** Shared with other answers: never to be changed. Holds `Cache-Status`, and `Age` where stored. */
  readonly headers: HeaderList;
  /** The very same list comes with later answers as well: what is worked out of it is worth keeping. */
  readonly isListKept?: boolean;
  /** A Buffer when complete. Destroy a stream that is not read to its end. */
  readonly body: Readable | Buffer;
  /** This cache's own member of `Cache-Status`. */
  readonly cacheStatus: string;
  readonly result: CacheResult;
}
