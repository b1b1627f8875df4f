import { type StageRequest } from './policy.ts';

/**
 * How the HTTP hooks treat the requests of one Fastify route; absent members mean the default. A lib that registers
 * Fastify routes itself puts it, or a resolver, under `facet` in the route's `config`.
 */
export interface HttpPolicy {
  /** Label for logs and metrics: a template with its prefix, never a concrete path. Default: the route's own path. */
  readonly route?: string;
  /** Paths with `%2f`, `%5c`, `//` or dot segments: 400, or taken byte for byte. Default `refuse`. */
  readonly ambiguousPath?: 'refuse' | 'pass';
  /** `raw`: the body stays a stream, no content coding is undone and no media type is asked for. Default `parsed`. */
  readonly body?: 'parsed' | 'raw';
  /** Replaces the gateway's deadline, from the arrival of the request. */
  readonly deadlineMs?: number;
  readonly compression?: 'auto' | 'off';
  readonly etag?: 'auto' | 'off';
  /** Default: the gateway's origins. `off`: preflights and `Origin` reach the handler, no CORS field is added. */
  readonly cors?: 'off' | { readonly origins: readonly string[] };
  /** Sent as `Cache-Control`; `origin`: whatever the handler set. Default `no-store`. */
  readonly cacheControl?: string;
  /** `ifAbsent`: fields the handler set win, and HTML without a CSP stays without. Default `always`. */
  readonly securityHeaders?: 'always' | 'ifAbsent';
}

/** For a Fastify route that stands for many declared ones; undefined: the defaults. */
export type HttpPolicyResolver = (request: StageRequest) => HttpPolicy | undefined;

/**
 * Emitted on the HTTP server with `(request, reply)` when a client leaves before its answer ended: such requests
 * never reach Fastify's `onResponse`.
 */
export const clientGoneEvent = 'facet:clientGone';
