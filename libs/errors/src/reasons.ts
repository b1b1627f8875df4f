/**
 * Every way a request can end without what was asked for: the closed list of stable codes.
 * `docs/errors.md` and this table agree both ways, by test. Clients compare `reason`, never text.
 */
export const reasons = {
  // The request itself.
  malformed_request: { status: 400, title: 'Malformed request' },
  invalid_input: { status: 400, title: 'Invalid input' },
  conflicting_credentials: { status: 400, title: 'More than one credential' },
  unauthenticated: { status: 401, title: 'Authentication required' },
  invalid_token: { status: 401, title: 'Invalid access token' },
  invalid_api_key: { status: 401, title: 'Invalid API key' },
  invalid_credentials: { status: 401, title: 'Invalid credentials' },
  insufficient_scope: { status: 403, title: 'Insufficient scope' },
  insufficient_role: { status: 403, title: 'Insufficient role' },
  forbidden: { status: 403, title: 'Forbidden' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  not_acceptable: { status: 406, title: 'Not acceptable' },
  request_timeout: { status: 408, title: 'Request timeout' },
  conflict: { status: 409, title: 'Conflict' },
  gone: { status: 410, title: 'Gone' },
  precondition_failed: { status: 412, title: 'Precondition failed' },
  body_too_large: { status: 413, title: 'Body too large' },
  uri_too_long: { status: 414, title: 'URI too long' },
  unsupported_media_type: { status: 415, title: 'Unsupported media type' },
  unprocessable: { status: 422, title: 'Unprocessable content' },
  upgrade_refused: { status: 426, title: 'Upgrade refused' },
  rate_limited: { status: 429, title: 'Too Many Requests' },
  too_many_connections: { status: 429, title: 'Too many connections' },
  headers_too_large: { status: 431, title: 'Header fields too large' },
  client_closed_request: { status: 499, title: 'Client closed the request' },
  // The gateway.
  internal_error: { status: 500, title: 'Internal error' },
  method_not_implemented: { status: 501, title: 'Method not implemented' },
  overloaded: { status: 503, title: 'Overloaded' },
  draining: { status: 503, title: 'Shutting down' },
  deadline_exceeded: { status: 504, title: 'Deadline exceeded' },
  not_cached: { status: 504, title: 'Not in the cache' },
  loop_detected: { status: 508, title: 'Loop detected' },
  // An upstream. `proxyStatus` is the error type of RFC 9209, section 2.3.
  connection_refused: {
    status: 502,
    title: 'Upstream refused the connection',
    proxyStatus: 'connection_refused',
  },
  connection_terminated: {
    status: 502,
    title: 'Upstream closed the connection',
    proxyStatus: 'connection_terminated',
  },
  upstream_protocol_error: {
    status: 502,
    title: 'Upstream answer not understood',
    proxyStatus: 'http_protocol_error',
  },
  upstream_response_incomplete: {
    status: 502,
    title: 'Upstream answer incomplete',
    proxyStatus: 'http_response_incomplete',
  },
  upstream_body_too_large: {
    status: 502,
    title: 'Upstream answer too large',
    proxyStatus: 'http_response_body_size',
  },
  upstream_dns_error: { status: 502, title: 'Upstream name not resolved', proxyStatus: 'dns_error' },
  upstream_tls_error: {
    status: 502,
    title: 'Upstream certificate refused',
    proxyStatus: 'tls_certificate_error',
  },
  upstream_error: { status: 502, title: 'Upstream failed', proxyStatus: 'http_request_error' },
  upstream_unavailable: {
    status: 503,
    title: 'Upstream unavailable',
    proxyStatus: 'destination_unavailable',
  },
  upstream_busy: { status: 503, title: 'Upstream busy', proxyStatus: 'connection_limit_reached' },
  upstream_dns_timeout: {
    status: 504,
    title: 'Upstream name resolution timed out',
    proxyStatus: 'dns_timeout',
  },
  connection_timeout: {
    status: 504,
    title: 'Upstream connection timed out',
    proxyStatus: 'connection_timeout',
  },
  upstream_timeout: { status: 504, title: 'Upstream timed out', proxyStatus: 'http_response_timeout' },
} as const satisfies Record<string, ReasonDefinition>;

export interface ReasonDefinition {
  readonly status: number;
  readonly title: string;
  /** Error type of RFC 9209 section 2.3; present where an upstream is the cause. */
  readonly proxyStatus?: string;
}

/** A stable code of why a request was refused or failed. */
export type Reason = keyof typeof reasons;

/** Looks a reason up as the general shape. */
export function reasonDefinition(reason: Reason): ReasonDefinition {
  return reasons[reason];
}
