import { type Principal, type Tier } from '@facet/context';
import { invalidToken } from '../refusal/refusals.ts';
import { type TokenHeader } from './token-header.ts';

/** The claims of a token whose signature, issuer, audience and times are verified. */
export interface TokenClaims {
  readonly iss: string;
  readonly aud: string | readonly string[];
  readonly sub: string;
  /** Seconds since the epoch. */
  readonly exp: number;
  readonly [name: string]: unknown;
}

/** OpenID Connect Core, sections 2 and 3.3.2.11: found in ID tokens only. */
const idTokenClaims = ['nonce', 'at_hash', 'c_hash', 's_hash'];
/** Found in access tokens only: RFC 9068, section 2.2, and what our own issuer adds. */
const accessTokenClaims = ['scope', 'client_id', 'roles', 'tier'];
/** `sub` and `sid` travel in header fields and count as keys: visible ASCII, at most 255 (OIDC Core, section 2). */
const identifier = /^[\x21-\x7e]{1,255}$/;
/** RFC 6749, section 3.3. */
const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/**
 * Checks what the signature does not: the claims we need are there, and the token is an access token. One that does not
 * say so by its `typ` must look like one: no claim of an ID token, no other use named, at least one access claim.
 * @throws GatewayError `invalid_token`
 */
export function checkClaims(payload: unknown, typ: TokenHeader['typ']): TokenClaims {
  if (typeof payload !== 'object' || payload === null) throw invalidToken('malformed');
  const claims = payload as TokenClaims;
  const isComplete =
    typeof claims.iss === 'string' &&
    claims.aud !== undefined &&
    Number.isFinite(claims.exp) &&
    typeof claims.sub === 'string' &&
    identifier.test(claims.sub);
  if (!isComplete) throw invalidToken('claims');
  if (typ === 'jwt' && !looksLikeAccessToken(claims)) throw invalidToken('type');
  return claims;
}

/** Frozen, since every request with the token shares it. A claim that can't be read grants nothing. */
export function principalOf(claims: TokenClaims, tier: Tier): Principal {
  const { scope, roles, sid } = claims;
  return Object.freeze({
    kind: 'bearer',
    subject: claims.sub,
    tier,
    scopes: Object.freeze(
      typeof scope === 'string' ? scope.split(' ').filter((one) => scopeToken.test(one)) : [],
    ),
    roles: Object.freeze(Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : []),
    ...(typeof sid === 'string' && identifier.test(sid) ? { sessionId: sid } : {}),
  });
}

function looksLikeAccessToken(claims: TokenClaims): boolean {
  if (idTokenClaims.some((name) => Object.hasOwn(claims, name))) return false;
  if (!accessTokenClaims.some((name) => Object.hasOwn(claims, name))) return false;
  // Cognito says `token_use: id | access`, Keycloak `typ: ID | Refresh | Bearer`.
  const { token_use: use = 'access', typ = 'Bearer' } = claims;
  return use === 'access' && typ === 'Bearer';
}
