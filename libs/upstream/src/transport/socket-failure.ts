import { GatewayError, type Reason } from '@facet/errors';

/** What was known when the exchange failed. */
type Phase = 'before-head' | 'in-body';

const reasonOfCode: Readonly<Record<string, Reason>> = {
  ECONNREFUSED: 'connection_refused',
  EHOSTUNREACH: 'connection_refused',
  ENETUNREACH: 'connection_refused',
  ETIMEDOUT: 'connection_timeout',
  ENOTFOUND: 'upstream_dns_error',
  EAI_AGAIN: 'upstream_dns_timeout',
  EPROTO: 'upstream_tls_error',
  CERT_HAS_EXPIRED: 'upstream_tls_error',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'upstream_tls_error',
  SELF_SIGNED_CERT_IN_CHAIN: 'upstream_tls_error',
  UNABLE_TO_GET_ISSUER_CERT: 'upstream_tls_error',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'upstream_tls_error',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'upstream_tls_error',
};

/**
 * Turns what a socket reports into the family's error. Only the code is kept of the cause: messages and objects carry
 * addresses, and could carry more.
 * @param error undefined: the upstream closed the connection
 */
export function failureOf(error: unknown, upstream: string, phase: Phase): GatewayError {
  if (error instanceof GatewayError) return error;
  const code = codeOf(error);
  return new GatewayError(reasonOf(code, phase), { upstream, cause: code });
}

function reasonOf(code: string, phase: Phase): Reason {
  const reason = reasonOfCode[code];
  if (reason !== undefined) return reason;
  if (/^(ERR_SSL_|ERR_TLS_|CERT_)/.test(code)) return 'upstream_tls_error';
  return phase === 'in-body' ? 'upstream_response_incomplete' : 'connection_terminated';
}

function codeOf(error: unknown): string {
  if (error === undefined) return 'closed';
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown';
}
