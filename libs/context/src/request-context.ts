import { type PartGap, type Reason } from '@facet/errors';
import { type Cancellation } from './cancellation.ts';
import { type Deadline } from './deadline.ts';
import { type Principal } from './principal.ts';
import { type TraceContext } from './trace-context.ts';

/**
 * What one request knows of itself, from the first hook to the log line. It is passed on by hand: whoever calls an
 * upstream holds it.
 */
export interface RequestContext {
  /** Sent back as `X-Request-Id` and named in problems. */
  readonly requestId: string;
  readonly trace: TraceContext;
  /** Canonical address of the client behind the trusted proxies. */
  readonly clientAddress: string;
  /** The client came by HTTPS, to us or to a trusted proxy in front of us. Absent: not known, so not. */
  readonly isSecure?: boolean;
  /** What the client speaks: `1.0`, `1.1`, `2.0`. Absent: not known, taken for `1.1`. */
  readonly httpVersion?: string;
  /** Monotonic ms at which the request arrived. */
  readonly startedAtMs: number;
  readonly deadline: Deadline;
  /** Aborts when the client goes away or the answer is given up. */
  readonly signal: AbortSignal;
  /** The same without the cost of a signal; absent: only the signal knows. */
  readonly cancellation?: Cancellation;
  /** First language range of `Accept-Language`, lower case primary subtag; default `en`. */
  readonly language: string;
  /** API version asked for, `v2` unless the path or `API-Version` said otherwise. */
  readonly apiVersion: string;
  /** `anonymous` until the auth stage has spoken. */
  principal: Principal;
  /** What each stage decided, as data: logs, metrics, headers and debug traces read this one record. */
  readonly decisions: Decisions;
}

export interface Decisions {
  /** Route template, `/orders/:id`. */
  route?: string;
  reason?: Reason;
  /** The API version that was asked for, when it is one that ends. */
  legacyVersion?: string;
  /** Name of the limit that refused, or the one nearest to its end. */
  limit?: string;
  /** What the cache did, for log and metrics. */
  cache?: string;
  /** What an endpoint's answer says in `Cache-Status` (RFC 9211): the cache's word on its upstream call. */
  cacheStatus?: string;
  /** Upstream attempts made, over all calls. */
  attempts: number;
  /** Time spent waiting for upstreams, ms; parallel waits add up. */
  upstreamMs: number;
  /** Parts of an aggregate that are missing. */
  gaps?: PartGap[];
  /** Named fallbacks taken: `stale`, `static`, `partial`. */
  fallback?: string;
}

/** How a Fastify request carries its context. */
export interface RequestWithContext {
  facet: RequestContext;
}
