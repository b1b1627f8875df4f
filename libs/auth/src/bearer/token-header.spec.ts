import { GatewayError } from '@facet/errors';
import { rawToken } from '@facet/testing/auth';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readTokenHeader } from './token-header.ts';

const read = (header: object) => readTokenHeader(rawToken(header, { sub: 'x' }), ['ES256', 'RS256']);
const good = { alg: 'ES256', typ: 'at+jwt', kid: 'k' };

function faultOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(GatewayError);
    expect((error as GatewayError).reason).toBe('invalid_token');
    return (error as GatewayError).message;
  }
  return 'none';
}

describe('readTokenHeader', () => {
  it.each([
    ['at+jwt', 'at+jwt'],
    ['application/at+jwt', 'at+jwt'],
    ['AT+JWT', 'at+jwt'],
    ['JWT', 'jwt'],
    ['jwt', 'jwt'],
  ])('takes typ %s for an access token', (typ, kind) => {
    expect(read({ ...good, typ })).toEqual({ alg: 'ES256', kid: 'k', typ: kind });
  });

  it.each([
    'none',
    'None',
    'NONE',
    'nOnE',
    '',
    'es256',
    'ES256 ',
    'HS256',
    'ES512',
    ['ES256'],
    null,
    0,
    undefined,
  ])('refuses alg %p', (alg) => {
    expect(faultOf(() => read({ ...good, alg }))).toMatch(/algorithm/);
  });

  it.each([undefined, 'id_token', 'refresh+jwt', 'dpop+jwt', 'JWS', '', 1, 'constructor', '__proto__'])(
    'refuses typ %p',
    (typ) => {
      expect(faultOf(() => read({ ...good, typ }))).toMatch(/not an access token/);
    },
  );

  it('understands no critical extension', () => {
    expect(faultOf(() => read({ ...good, crit: ['b64'], b64: false }))).toMatch(/malformed/);
    expect(faultOf(() => read({ ...good, crit: [] }))).toMatch(/malformed/);
  });

  it.each([[['k']], [7], [{ $ne: 1 }], [null]])('refuses the key id %p', (kid) => {
    expect(faultOf(() => read({ ...good, kid }))).toMatch(/malformed/);
  });

  it('does not read keys that come with the token', () => {
    const header = { ...good, jku: 'https://evil.test/', x5u: 'https://evil.test/', jwk: {}, x5c: ['MIIB'] };
    expect(read(header)).toEqual({ alg: 'ES256', kid: 'k', typ: 'at+jwt' });
  });

  const token = rawToken(good, { sub: 'x' });
  it.each([
    ['padding', `${token}=`],
    ['a blank', `${token} `],
    ['a line break', `${token}\n`],
    ['standard base64', token.replace('.', '+.')],
    ['a comma', `${token},${token}`],
    ['NUL', `${token}\0`],
    ['no ASCII', `${token}é`],
    ['two parts', 'aaaa.bbbb'],
    ['an empty signature', token.slice(0, token.lastIndexOf('.') + 1)],
    ['four parts', `${token}.AAAA`],
    ['five parts, as an encrypted token', `${token}.AAAA.AAAA`],
    ['a header that is no JSON', `AAAA${token.slice(token.indexOf('.'))}`],
    ['a header that is a list', rawToken([1], {})],
    ['a header that is null', `${Buffer.from('null').toString('base64url')}.AAAA.AAAA`],
    ['nothing', ''],
    ['over 8 KiB', rawToken(good, { pad: 'x'.repeat(8192) })],
  ])('refuses a token with %s', (_, bad) => {
    expect(faultOf(() => readTokenHeader(bad, ['ES256']))).toMatch(/malformed/);
  });

  it('refuses whatever else may come, and never fails otherwise', () => {
    const part = fc.oneof(
      fc.string(),
      fc.json().map((json) => Buffer.from(json).toString('base64url')),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
        expect(faultOf(() => readTokenHeader(parts.join('.'), ['ES256']))).not.toBe('none');
      }),
    );
  });
});
