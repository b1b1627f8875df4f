import { generateKeyPairSync } from 'node:crypto';
import { type JwtAlgorithm } from '@facet/config';
import { testKey } from '@facet/testing/auth';
import { describe, expect, it } from '@jest/globals';
import { readJwk } from './jwk.ts';

const all: readonly JwtAlgorithm[] = ['ES256', 'PS256', 'RS256', 'HS256'];
const ec = testKey('ES256').jwk;
const rsa = testKey('RS256').jwk;
const without = (jwk: object, name: string): object =>
  Object.fromEntries(Object.entries(jwk).filter(([key]) => key !== name));

function rsaKey(modulusLength: number, publicExponent = 65537): object {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength, publicExponent });
  return { ...publicKey.export({ format: 'jwk' }), kid: 'r', alg: 'RS256' };
}

describe('readJwk', () => {
  it('binds a key to the algorithm it names', () => {
    expect(readJwk(ec, all)?.alg).toBe('ES256');
    expect(readJwk(rsa, all)?.alg).toBe('RS256');
    expect(readJwk(without(rsa, 'use'), all)?.alg).toBe('RS256');
  });

  it('binds a key that names none to one all the same', () => {
    expect(readJwk(without(ec, 'alg'), all)?.alg).toBe('ES256');
    expect(readJwk(without(rsa, 'alg'), all)?.alg).toBe('PS256');
    expect(readJwk(without(rsa, 'alg'), ['RS256'])?.alg).toBe('RS256');
  });

  it.each([
    ['for encryption', { ...ec, use: 'enc' }],
    ['for other operations', { ...ec, key_ops: ['encrypt'] }],
    ['of an algorithm not listed', testKey('ES512').jwk],
    ['that names another algorithm than its curve', { ...ec, alg: 'ES512' }],
    ['of RSA that names an elliptic one', { ...rsa, alg: 'ES256' }],
    ['that is a secret', { kty: 'oct', k: Buffer.alloc(32).toString('base64url'), alg: 'HS256', kid: 's' }],
    ['of RSA that names an HMAC', { ...rsa, alg: 'HS256' }],
    ['whose private part is published', { ...ec, d: 'AAAA' }],
    ['not on its curve', { ...ec, x: ec.y, y: ec.x }],
    ['with members missing', without(ec, 'x')],
    ['with a strange key id', { ...ec, kid: 7 }],
    ['of an unknown type', { kty: 'OKP', crv: 'Ed25519', x: 'AAAA' }],
    ['that is null', null],
    ['that is text', 'key'],
    ['of RSA under 2048 bits', rsaKey(1024)],
    ['of RSA with exponent 1', { ...rsa, e: 'AQ' }],
  ])('skips a key %s', (_, jwk) => {
    expect(readJwk(jwk, all)).toBeUndefined();
  });

  it('takes RSA of 2048 bits with exponent 3', () => {
    expect(readJwk(rsaKey(2048, 3), all)?.alg).toBe('RS256');
  });
});
