import { createPublicKey, type KeyObject, type webcrypto } from 'node:crypto';
import { type JwtAlgorithm } from '@facet/config';
import { VerificationKey } from './verification-key.ts';

type Jwk = Readonly<Record<string, unknown>>;

const curves: Readonly<Record<string, JwtAlgorithm>> = {
  'P-256': 'ES256',
  'P-384': 'ES384',
  'P-521': 'ES512',
};
const minModulusBits = 2048;
const minExponent = 3n;

/**
 * Makes a verification key of one member of a JWKS (RFC 7517), bound to one algorithm: its `alg`, else the curve's, else
 * the first RSA algorithm of the list. Undefined when it is not for us: another use, type or algorithm, a secret or
 * private key (published, it is nobody's), RSA under 2048 bits or with an exponent under 3.
 */
export function readJwk(jwk: unknown, algorithms: readonly JwtAlgorithm[]): VerificationKey | undefined {
  if (typeof jwk !== 'object' || jwk === null || !isForVerifying(jwk as Jwk)) return undefined;
  const member = jwk as Jwk;
  const alg = algorithmOf(member, algorithms);
  if (alg === undefined || (member['kid'] !== undefined && typeof member['kid'] !== 'string'))
    return undefined;
  const { kty, n, e, crv, x, y } = member;
  const material = kty === 'RSA' ? { kty, n, e } : { kty, crv, x, y };
  const key = importKey(material);
  return key && new VerificationKey(member['kid'], alg, key, JSON.stringify(material));
}

function isForVerifying(jwk: Jwk): boolean {
  if (jwk['use'] !== undefined && jwk['use'] !== 'sig') return false;
  const operations = jwk['key_ops'];
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) return false;
  return !('d' in jwk);
}

function algorithmOf(jwk: Jwk, algorithms: readonly JwtAlgorithm[]): JwtAlgorithm | undefined {
  const fits = (alg: JwtAlgorithm): boolean =>
    jwk['kty'] === 'RSA'
      ? alg.startsWith('RS') || alg.startsWith('PS')
      : jwk['kty'] === 'EC' && curves[String(jwk['crv'])] === alg;
  return algorithms.find((alg) => fits(alg) && (jwk['alg'] === undefined || jwk['alg'] === alg));
}

function importKey(material: object): KeyObject | undefined {
  try {
    const key = createPublicKey({ format: 'jwk', key: material as webcrypto.JsonWebKey });
    return isStrong(key) ? key : undefined;
  } catch {
    return undefined;
  }
}

function isStrong({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  if (asymmetricKeyType !== 'rsa') return true;
  const { modulusLength = 0, publicExponent = 0n } = asymmetricKeyDetails ?? {};
  return modulusLength >= minModulusBits && publicExponent >= minExponent;
}
