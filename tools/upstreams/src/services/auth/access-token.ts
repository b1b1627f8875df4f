import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { type Identity } from '../../data/identities.ts';
import { type AccessTokenClaims } from '../../model.ts';
import { type KeyRing } from './key-ring.ts';

export const ACCESS_TOKEN_SECONDS = 900;
const AUDIENCE = 'facet';

/** A JWT access token of RFC 9068, good for 15 minutes. */
export const signAccessToken = (
  keys: KeyRing,
  issuer: string,
  identity: Identity,
  sessionId: string,
): Promise<string> => {
  const { kid, privateKey } = keys.signing;
  const issuedAt = Math.floor(Date.now() / 1_000);
  const claims: AccessTokenClaims = {
    iss: issuer,
    aud: AUDIENCE,
    sub: identity.subject,
    tier: identity.tier,
    scope: identity.scopes.join(' '),
    roles: [...identity.roles],
    sid: sessionId,
    iat: issuedAt,
    exp: issuedAt + ACCESS_TOKEN_SECONDS,
    jti: randomUUID(),
  };
  return new SignJWT({ ...claims }).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid }).sign(privateKey);
};
