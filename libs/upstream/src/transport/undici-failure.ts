import { GatewayError, type Reason } from '@facet/errors';
import { errors } from 'undici';

/** What was known when the exchange failed. */
type Phase = 'before-head' | 'in-body';

const reasonOfCode: Readonly<Record<string, Reason>> = {
  ECONNREFUSED: 'connection_refused',
  EHOSTUNREACH: 'connection_refused',
  ENETUNREACH: 'connection_refused',
  UND_ERR_CONNECT_TIMEOUT: 'connection_timeout',
  ETIMEDOUT: 'connection_timeout',
  UND_ERR_HEADERS_TIMEOUT: 'upstream_timeout',
  UND_ERR_BODY_TIMEOUT: 'upstream_timeout',
  ENOTFOUND: 'upstream_dns_error',
  EAI_AGAIN: 'upstream_dns_timeout',
  UND_ERR_HEADERS_OVERFLOW: 'upstream_protocol_error',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'upstream_response_incomplete',
  parse: 'upstream_protocol_error',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'upstream_body_too_large',
  UND_ERR_DESTROYED: 'draining',
  UND_ERR_CLOSED: 'draining',
  UND_ERR_ABORTED: 'client_closed_request',
  UND_ERR_INVALID_ARG: 'malformed_request',
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: 'malformed_request',
  EPROTO: 'upstream_tls_error',
  ERR_TLS_CERT_ALTNAME_INVALID: 'upstream_tls_error',
  ERR_SSL_WRONG_VERSION_NUMBER: 'upstream_tls_error',
  CERT_HAS_EXPIRED: 'upstream_tls_error',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'upstream_tls_error',
  SELF_SIGNED_CERT_IN_CHAIN: 'upstream_tls_error',
  UNABLE_TO_GET_ISSUER_CERT: 'upstream_tls_error',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'upstream_tls_error',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'upstream_tls_error',
};

/**
 * Turns what undici or the socket reports into the family's error. Only the code is kept of the cause: messages and
 * objects of the HTTP client carry addresses, bytes of the answer and our own credentials.
 */
export function failureOf(error: unknown, upstream: string, phase: Phase): GatewayError {
  if (error instanceof GatewayError) return error;
  const code = codeOf(error);
  return new GatewayError(reasonOf(code, phase), { upstream, cause: code });
}

function reasonOf(code: string, phase: Phase): Reason {
  // A parser that fails on a head with a length reports the length, whatever the head's fault is.
  if (phase === 'before-head' && code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH')
    return 'upstream_protocol_error';
  const reason = reasonOfCode[code];
  if (reason !== undefined) return reason;
  if (/^(ERR_SSL_|ERR_TLS_|CERT_)/.test(code)) return 'upstream_tls_error';
  return phase === 'in-body' ? 'upstream_response_incomplete' : 'connection_terminated';
}

function codeOf(error: unknown): string {
  // undici 8 leaves the parser's code empty; a parser that met the end of the stream has no byte to complain of.
  if (error instanceof errors.HTTPParserError) return 'data' in error && error.data ? 'parse' : 'eof';
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown';
}
