/**
 * The token of `Authorization: Bearer <token>` (RFC 6750, section 2.1; the scheme in any case): empty when there is
 * none after the scheme. Undefined: another scheme.
 */
export function bearerToken(authorization: string): string | undefined {
  if (authorization.startsWith('Bearer ')) return authorization.slice(tokenStart(authorization));
  if (authorization.slice(0, 6).toLowerCase() !== 'bearer') return undefined;
  if (authorization.length === 6) return '';
  return authorization[6] === ' ' ? authorization.slice(tokenStart(authorization)) : undefined;
}

function tokenStart(authorization: string): number {
  let start = 7;
  while (authorization[start] === ' ') start++;
  return start;
}
