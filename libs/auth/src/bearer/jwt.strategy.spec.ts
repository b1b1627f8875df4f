import { createHmac, sign } from 'node:crypto';
import { type JwtConfig } from '@facet/config';
import { GatewayError } from '@facet/errors';
import { FakeClock } from '@facet/testing';
import { rawToken, ScriptedJwks, TestIssuer, testKey } from '@facet/testing/auth';
import { describe, expect, it } from '@jest/globals';
import passport from 'passport';
import { JwksKeySet } from '../keys/jwks-key-set.ts';
import { SecretKeySet } from '../keys/secret-key-set.ts';
import { MemoryRevocationStore } from '../revocation/memory-revocation.store.ts';
import { Revocations } from '../revocation/revocations.ts';
import { ClaimTierResolver, TierResolver } from '../tier-resolver.ts';
import { JwtStrategy } from './jwt.strategy.ts';

function setUp(config: Partial<JwtConfig> = {}, tiers: TierResolver = new ClaimTierResolver()) {
  const clock = new FakeClock();
  const issuer = new TestIssuer(clock);
  const jwt: JwtConfig = {
    issuer: issuer.issuer,
    audience: issuer.audience,
    algorithms: ['ES256', 'RS256'],
    keys: { jwksUrl: 'unused' },
    leewaySeconds: 5,
    ...config,
  };
  const keys =
    'secret' in jwt.keys
      ? new SecretKeySet(jwt.keys.secret, jwt.algorithms)
      : new JwksKeySet(new ScriptedJwks(() => issuer.jwks()), jwt.algorithms, clock, undefined);
  const revocations = new Revocations(new MemoryRevocationStore(), clock);
  const strategy = new JwtStrategy(jwt, keys, tiers, revocations, clock);
  const faultOf = async (token: string): Promise<string> => {
    const result = await strategy.verify(token);
    return result instanceof GatewayError ? result.message : 'accepted';
  };
  return { clock, issuer, strategy, faultOf };
}

describe('JwtStrategy', () => {
  it('makes a principal of a good token', async () => {
    const { issuer, strategy, clock } = setUp();
    expect(await strategy.verify(await issuer.token())).toMatchObject({
      principal: {
        kind: 'bearer',
        subject: 'usr_1',
        tier: 'premium',
        scopes: ['orders:read', 'orders:write'],
        roles: ['customer'],
        sessionId: 'session-1',
      },
      expiresAtMs: clock.now() + 900_000,
      key: { kid: issuer.key.kid },
    });
  });

  it.each(['ES256', 'ES384', 'ES512', 'RS256', 'PS256'] as const)('verifies %s', async (alg) => {
    const { issuer, faultOf } = setUp({ algorithms: [alg] });
    issuer.rotate(testKey(alg));
    expect(await faultOf(await issuer.token())).toBe('accepted');
  });

  it('verifies with a secret, whatever key id the token names', async () => {
    const secret = 'a-secret-of-at-least-32-bytes-indeed';
    const { issuer, faultOf } = setUp({ keys: { secret }, algorithms: ['HS256'] });
    const header = { alg: 'HS256', typ: 'JWT', kid: '../../dev/null' };
    const body = rawToken(header, issuer.claims(), 'x').slice(0, -2);
    const mac = (key: string): string => createHmac('sha256', key).update(body).digest('base64url');
    expect(await faultOf(`${body}.${mac(secret)}`)).toBe('accepted');
    expect(await faultOf(`${body}.${mac(`${secret}!`)}`)).toMatch(/signature/);
  });

  it.each([
    ['of another issuer', { iss: 'https://evil.test' }, /signature, issuer or audience/],
    ['of an issuer that only begins alike', { iss: 'https://issuer.test.evil' }, /issuer/],
    ['with a list of issuers', { iss: ['https://issuer.test'] }, /issuer/],
    ['without issuer', { iss: undefined }, /issuer/],
    ['for another audience', { aud: 'other' }, /audience/],
    ['for other audiences', { aud: ['other', 'facet2'] }, /audience/],
    ['without audience', { aud: undefined }, /audience/],
    ['without expiry', { exp: undefined }, /claim/],
    ['with an expiry that is no number', { exp: '99999999999' }, /wrong/],
    ['without subject', { sub: undefined }, /claim/],
  ])('refuses a token %s', async (_, claims, fault) => {
    const { issuer, faultOf } = setUp();
    expect(await faultOf(await issuer.token(claims))).toMatch(fault);
  });

  it('takes one audience of several', async () => {
    const { issuer, faultOf } = setUp();
    expect(await faultOf(await issuer.token({ aud: ['other', 'facet'] }))).toBe('accepted');
  });

  it('honours exp and nbf by the injected clock, with the leeway and no more', async () => {
    const { issuer, faultOf, clock } = setUp();
    const nowSeconds = clock.now() / 1000;
    expect(await faultOf(await issuer.token({ exp: nowSeconds - 4 }))).toBe('accepted');
    expect(await faultOf(await issuer.token({ exp: nowSeconds - 5 }))).toMatch(/expired/);
    expect(await faultOf(await issuer.token({ nbf: nowSeconds + 5 }))).toBe('accepted');
    expect(await faultOf(await issuer.token({ nbf: nowSeconds + 6 }))).toMatch(/not valid yet/);
    const token = await issuer.token();
    await clock.advance(905_000);
    expect(await faultOf(token)).toMatch(/expired/);
  });

  it.each([-1, 31, Number.NaN])('refuses to start with a leeway of %p s', (leewaySeconds) => {
    expect(() => setUp({ leewaySeconds })).toThrow(/leewaySeconds/);
  });

  it('refuses unsigned tokens, in whatever case they say so', async () => {
    const { issuer, faultOf } = setUp();
    for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
      const unsigned = rawToken({ alg, typ: 'at+jwt', kid: issuer.key.kid }, issuer.claims());
      expect(await faultOf(unsigned)).toMatch(/algorithm/);
      expect(await faultOf(unsigned.slice(0, unsigned.lastIndexOf('.') + 1))).toMatch(/malformed/);
    }
  });

  it('never takes a public RSA key for an HMAC secret', async () => {
    const { issuer, faultOf } = setUp();
    const key = issuer.rotate(testKey('RS256'));
    for (const format of ['pem', 'der'] as const) {
      const secret = key.publicKey.export({ type: 'spki', format } as { type: 'spki'; format: 'pem' });
      const body = rawToken({ alg: 'HS256', typ: 'at+jwt', kid: key.kid }, issuer.claims(), 'x').slice(0, -2);
      const mac = createHmac('sha256', secret).update(body).digest('base64url');
      expect(await faultOf(`${body}.${mac}`)).toMatch(/algorithm/);
    }
  });

  it('binds each key to one algorithm', async () => {
    const { issuer, faultOf } = setUp({ algorithms: ['ES256', 'RS256', 'PS256'] });
    const key = issuer.rotate(testKey('RS256'));
    const body = rawToken({ alg: 'PS256', typ: 'at+jwt', kid: key.kid }, issuer.claims(), 'x').slice(0, -2);
    const signature = sign('sha256', Buffer.from(body), { key: key.privateKey, padding: 6 });
    expect(await faultOf(`${body}.${signature.toString('base64url')}`)).toMatch(/unknown key/);
  });

  it('refuses a foreign key, named as ours or brought along', async () => {
    const { issuer, faultOf } = setUp();
    const foreign = testKey('ES256', issuer.key.kid);
    expect(await faultOf(await issuer.token({}, {}, foreign))).toMatch(/signature/);
    const brought = { jwk: foreign.jwk, jku: 'https://evil.test/jwks', x5u: 'https://evil.test/x5u' };
    expect(await faultOf(await issuer.token({}, brought, foreign))).toMatch(/signature/);
    expect(await faultOf(await issuer.token({}, { ...brought, kid: 'evil' }, foreign))).toMatch(
      /unknown key/,
    );
  });

  it.each(['../../etc/passwd', "' OR 1=1 --", '__proto__', 'constructor', '', 'ES256 key', '*'])(
    'looks the key id %p up and does no more with it',
    async (kid) => {
      const { issuer, faultOf } = setUp();
      expect(await faultOf(await issuer.token({}, { kid }))).toMatch(/unknown key/);
    },
  );

  it('finds the only key for a token without key id, and none among two', async () => {
    const { issuer, faultOf } = setUp();
    expect(await faultOf(await issuer.token({}, { kid: undefined }))).toBe('accepted');
    issuer.rotate();
    const { issuer: two, faultOf: faultOfTwo } = setUp();
    two.rotate();
    expect(await faultOfTwo(await two.token({}, { kid: undefined }))).toMatch(/unknown key/);
  });

  it('refuses a changed payload and a changed signature', async () => {
    const { issuer, faultOf } = setUp();
    const [header, , signature] = (await issuer.token()).split('.');
    const raised = Buffer.from(JSON.stringify({ ...issuer.claims(), tier: 'enterprise' })).toString(
      'base64url',
    );
    expect(await faultOf(`${header}.${raised}.${signature}`)).toMatch(/signature/);
    const token = await issuer.token();
    expect(await faultOf(`${token.slice(0, -4)}AAAA`)).toMatch(/signature/);
    // ECDSA's zero signature (CVE-2022-21449).
    const body = token.slice(0, token.lastIndexOf('.'));
    expect(await faultOf(`${body}.${Buffer.alloc(64).toString('base64url')}`)).toMatch(/signature/);
  });

  it('refuses an ID token of the same issuer and audience', async () => {
    const { issuer, faultOf } = setUp();
    expect(await faultOf(await issuer.token({ nonce: 'n', at_hash: 'h' }, { typ: 'JWT' }))).toMatch(
      /not an access token/,
    );
  });

  it('keeps nothing of the token in what the client sees', async () => {
    const { issuer, strategy } = setUp();
    const token = await issuer.token({ aud: 'canary-audience' });
    const error = (await strategy.verify(token)) as GatewayError;
    const { headers, detail } = error.options;
    expect(headers?.['WWW-Authenticate']).toBe(
      `Bearer realm="facet", error="invalid_token", error_description="${detail}"`,
    );
    expect(JSON.stringify({ headers, detail, message: error.message })).not.toMatch(/canary|eyJ/);
  });

  it('rejects, for a 500, when a seam throws', async () => {
    class Broken extends TierResolver {
      override resolve(): never {
        throw new TypeError('no tiers today');
      }
    }
    const { issuer, strategy } = setUp({}, new Broken());
    await expect(strategy.verify(await issuer.token())).rejects.toThrow('no tiers today');
  });

  it('is what passport knows as jwt, with every check inside', async () => {
    const { issuer } = setUp();
    const run = async (token: string): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const authenticate = passport.authenticate('jwt', (error: unknown, user: unknown) =>
          error ? reject(error as Error) : resolve(user),
        ) as (request: unknown, response: unknown, next: () => void) => void;
        authenticate({ headers: { authorization: `Bearer ${token}` } }, {}, () => undefined);
      });
    expect(await run(await issuer.token())).toMatchObject({ kind: 'bearer', subject: 'usr_1' });
    expect(await run(await issuer.token({}, { typ: 'id_token' }))).toBe(false);
    expect(await run('')).toBe(false);
  });
});
