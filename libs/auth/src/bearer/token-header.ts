import { type JwtAlgorithm } from '@facet/config';
import { invalidToken } from '../refusal/refusals.ts';

/** What we read of a token's JOSE header. `jku`, `x5u`, `jwk` and `x5c` are not read: keys come from the issuer alone. */
export interface TokenHeader {
  readonly alg: JwtAlgorithm;
  readonly kid: string | undefined;
  /** `at+jwt`: says itself that it is an access token (RFC 9068). */
  readonly typ: 'at+jwt' | 'jwt';
}

const maxTokenLength = 8192;
const types: Readonly<Record<string, TokenHeader['typ']>> = {
  'at+jwt': 'at+jwt',
  'application/at+jwt': 'at+jwt',
  jwt: 'jwt',
};

/**
 * Checks a token as far as it can be without a key, before anything is decoded by a library: size, characters, three
 * parts, an algorithm of the list in exact case, an access token's `typ` (a media type: in any case), no `crit`.
 * @throws GatewayError `invalid_token`
 */
export function readTokenHeader(token: string, algorithms: readonly JwtAlgorithm[]): TokenHeader {
  const header = parseHeader(token);
  const alg = algorithms.find((allowed) => allowed === header['alg']);
  if (alg === undefined) throw invalidToken('algorithm');
  const typ = typeof header['typ'] === 'string' ? header['typ'].toLowerCase() : '';
  const known = Object.hasOwn(types, typ) ? types[typ] : undefined;
  if (known === undefined) throw invalidToken('type');
  // RFC 7515, section 4.1.11: what is critical must be understood, and we understand no extension.
  if ('crit' in header) throw invalidToken('malformed');
  const kid = header['kid'];
  if (kid !== undefined && typeof kid !== 'string') throw invalidToken('malformed');
  return { alg, kid, typ: known };
}

function parseHeader(token: string): Record<string, unknown> {
  if (token.length > maxTokenLength || !isCompact(token)) throw invalidToken('malformed');
  let header: unknown;
  try {
    header = JSON.parse(Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString('utf8'));
  } catch {
    throw invalidToken('malformed');
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) throw invalidToken('malformed');
  return header as Record<string, unknown>;
}

/** Three parts of base64url without padding, none empty. */
function isCompact(token: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token);
}
