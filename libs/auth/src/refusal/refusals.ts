import { type CredentialKind, type Principal } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { challenge, challenges } from './challenges.ts';

/** No credential of an accepted kind. RFC 6750, section 3: no error code when no credential came. */
export function unauthenticated(accepted: readonly CredentialKind[]): GatewayError {
  return new GatewayError('unauthenticated', { headers: { 'WWW-Authenticate': challenges(accepted) } });
}

/** What a client is told about its token: a closed list, so that nothing of the token can be in it. */
const tokenFaults = {
  malformed: 'The access token is malformed',
  algorithm: 'The algorithm of the access token is not accepted',
  type: 'The token is not an access token',
  unknownKey: 'The access token is signed with an unknown key',
  claims: 'The access token lacks a required claim',
  expired: 'The access token expired',
  notYetValid: 'The access token is not valid yet',
  revoked: 'The access token was revoked',
  refused: 'The signature, issuer or audience of the access token is wrong',
} as const;
export type TokenFault = keyof typeof tokenFaults;

export function invalidToken(fault: TokenFault, cause?: unknown): GatewayError {
  const detail = tokenFaults[fault];
  return new GatewayError('invalid_token', {
    detail,
    headers: {
      'WWW-Authenticate': challenge('bearer', { error: 'invalid_token', error_description: detail }),
    },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** One answer for unknown, malformed, expired and revoked keys: which of them it was is nobody's business. */
export function invalidApiKey(): GatewayError {
  return new GatewayError('invalid_api_key', { headers: { 'WWW-Authenticate': challenge('apiKey') } });
}

export function conflictingCredentials(): GatewayError {
  return new GatewayError('conflicting_credentials', {
    headers: { 'WWW-Authenticate': challenge('bearer', { error: 'invalid_request' }) },
  });
}

/** URLs end up in logs, histories and referrers (RFC 9700, section 4.3.2). */
export function tokenInUrl(): GatewayError {
  return new GatewayError('malformed_request', {
    detail: 'Access tokens are not taken from the URL',
    headers: { 'WWW-Authenticate': challenge('bearer', { error: 'invalid_request' }) },
  });
}

export function insufficientScope(kind: Principal['kind'], scopes: readonly string[]): GatewayError {
  return new GatewayError('insufficient_scope', {
    headers: {
      'WWW-Authenticate': challenge(kind === 'anonymous' ? 'bearer' : kind, {
        error: 'insufficient_scope',
        scope: scopes.join(' '),
      }),
    },
  });
}

/** The issuer's keys are not known, so that no token can be judged: the client is not at fault. */
export function keysUnavailable(retryAfterMs: number): GatewayError {
  return new GatewayError('upstream_unavailable', {
    detail: 'Access tokens cannot be checked at the moment',
    retryAfterMs,
    upstream: 'auth',
    userMessage: 'try_again',
  });
}
