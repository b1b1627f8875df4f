import { generateKeyPairSync, sign } from 'node:crypto';
import { type Answer, gatewayEnv, HttpClient, startGateway } from '@facet/testing/gateway';
import { rawToken, type TestKey, testKey } from '@facet/testing/auth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Family, startFamily } from '../support/family.ts';
import { type PublishedIssuer, publishIssuer } from '../support/published-issuer.ts';
import { bytesOf, onlyAnswer } from '../support/wire.ts';

let published: PublishedIssuer;
let attacker: PublishedIssuer;
let rsa: TestKey;
let family: Family;
beforeAll(async () => {
  [published, attacker] = await Promise.all([publishIssuer(), publishIssuer()]);
  rsa = published.issuer.rotate(testKey('RS256'));
  published.issuer.rotate();
  family = await startFamily(['mobile'], { ...published.env, JWT_ALGORITHMS: 'ES256,RS256,PS256' });
});
afterAll(async () => {
  await family.stop();
  published.stop();
  attacker.stop();
});

const user = '/api/mobile/user';
const ask = (token: string): Promise<Answer> => family.mobile.client.get(user, { token });
const issued = (claims: object = {}, header: object = {}, key?: TestKey): Promise<string> =>
  published.issuer.token({ sub: 'usr_premium', scope: 'profile:read', ...claims }, { ...header }, key);
const now = (): number => Math.floor(Date.now() / 1000);

const users = () => family.stack.services.users;
beforeEach(() => users().clearHits());

async function expectRefused(token: string): Promise<void> {
  const answer = await ask(token);
  expect(answer).toMatchObject({ status: 401, json: { reason: 'invalid_token' } });
  expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="facet", error="invalid_token"/);
  expect(users().hits()).toEqual({});
}

describe('a good token', () => {
  it.each(['ES256', 'RS256'])('of %s is taken', async (alg) => {
    const token = await issued({}, {}, alg === 'RS256' ? rsa : published.issuer.key);
    expect(await ask(token)).toMatchObject({ status: 200, json: { id: 'usr_premium' } });
  });

  it('is taken with the scheme in any case and an audience among others', async () => {
    const token = await issued({ aud: ['other', 'facet'] }, { typ: 'application/AT+JWT' });
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
      const lines = [`Authorization: ${scheme} ${token}`];
      expect((await onlyAnswer(family.mobile.gateway.url, bytesOf({ target: user, lines }))).status).toBe(
        200,
      );
    }
  });

  it('is taken within the leeway of 30 s at most', async () => {
    expect((await ask(await issued({ exp: now() - 1, jti: '1' }))).status).toBe(200);
    expect((await ask(await issued({ nbf: now() + 2, jti: '2' }))).status).toBe(200);
    users().clearHits();
    await expectRefused(await issued({ exp: now() - 31 }));
    await expectRefused(await issued({ nbf: now() + 31 }));
  });
});

describe('401 for a token', () => {
  it.each<[string, object, object?]>([
    ['of another issuer', { iss: 'https://evil.test' }],
    ['of an issuer with a slash more', { iss: 'https://issuer.test/' }],
    ['without issuer', { iss: undefined }],
    ['for another audience', { aud: 'facet2' }],
    ['for no audience', { aud: [] }],
    ['without audience', { aud: undefined }],
    ['without expiry', { exp: undefined }],
    ['with an expiry in words', { exp: 'never' }],
    ['that is not valid yet', { nbf: 4_000_000_000 }],
    ['without subject', { sub: undefined }],
    ['with line breaks in its subject', { sub: 'usr_1\r\nX-User-Id: usr_admin' }],
    ['that is an ID token by its claims', { nonce: 'n', at_hash: 'h' }, { typ: 'JWT' }],
    ['that is a refresh token', { typ: 'Refresh' }, { typ: 'JWT' }],
    ['without typ', {}, { typ: undefined }],
    ['of another typ', {}, { typ: 'logout+jwt' }],
    ['that is a DPoP proof', {}, { typ: 'dpop+jwt' }],
    ['with critical extensions', {}, { crit: ['b64'], b64: true }],
    ['with a key id that is a path', {}, { kid: '../../../../dev/null' }],
    ['with a key id that is a query', {}, { kid: "' OR 1=1 --" }],
    ['with a key id of every object', {}, { kid: '__proto__' }],
  ])('%s', async (_name, claims, header = {}) => expectRefused(await issued(claims, header)));

  it('signed with a foreign key, whatever its header says of it', async () => {
    const foreign = testKey('ES256');
    const { kid } = published.issuer.key;
    const x5c = ['MIIBszCCAVmgAwIBAgIUQ0FOQVJZMB4XDTI2MDEwMTAwMDAwMFo='];
    for (const header of [
      { kid },
      { kid: foreign.kid },
      { kid, jwk: foreign.jwk },
      { kid, jku: attacker.jwksUrl },
      { kid, x5u: attacker.jwksUrl },
      { kid, x5c },
      { kid: undefined, jku: attacker.jwksUrl, jwk: foreign.jwk },
    ]) {
      await expectRefused(await published.issuer.token({}, header, foreign));
    }
    expect(attacker.fetches()).toBe(0);
  });

  it.each([
    'none',
    'None',
    'NONE',
    'nOnE',
    '',
    'es256',
    'ES256K',
    'EdDSA',
    'HS256',
    'hs256',
    'RS1',
    'null',
    'constructor',
  ])('of the algorithm %j, with or without a signature', async (alg) => {
    const claims = published.issuer.claims();
    for (const signature of ['', 'AAAA', 'e30'])
      await expectRefused(rawToken({ alg, typ: 'at+jwt', kid: published.issuer.key.kid }, claims, signature));
  });

  it('of a published key under another algorithm, or another encoding of the signature', async () => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = published.issuer.claims();
    const unsigned = `${part({ alg: 'PS256', typ: 'at+jwt', kid: rsa.kid })}.${part(claims)}`;
    await expectRefused(
      `${unsigned}.${sign('sha256', Buffer.from(unsigned), rsa.privateKey).toString('base64url')}`,
    );
    const { kid, privateKey } = published.issuer.key;
    const der = `${part({ alg: 'ES256', typ: 'at+jwt', kid })}.${part(claims)}`;
    await expectRefused(`${der}.${sign('sha256', Buffer.from(der), privateKey).toString('base64url')}`);
  });

  it('changed in any part by any character', async () => {
    const token = await issued();
    const at = [
      1,
      token.indexOf('.') - 2,
      token.indexOf('.') + 5,
      token.lastIndexOf('.') - 5,
      token.lastIndexOf('.') + 9,
    ];
    for (const index of at) {
      const other = token[index] === 'A' ? 'B' : 'A';
      const changed = token.slice(0, index) + other + token.slice(index + 1);
      expect((await ask(changed)).status).toBe(401);
    }
    expect(users().hits()).toEqual({});
  });

  it('of characters that no token has, or of another shape', async () => {
    const token = await issued();
    const [header, payload, signature] = token.split('.') as [string, string, string];
    for (const text of [
      `${token}=`,
      `${token}.`,
      `.${token}`,
      `${token}.${signature}`,
      `${header}.${payload}`,
      `${header}..${signature}`,
      `${header}.${payload}.`,
      `"${token}"`,
      `${token},${token}`,
      `${token} ${token}`,
      `${token}\t`.trimEnd() + ';',
      `${token}%00`,
      `${token}/`,
      token.replace('.', '%2e'),
      `${header}=.${payload}.${signature}`,
      `${header}.${payload}==.${signature}`,
      '..',
      'null',
      '{}',
      'A'.repeat(9_000),
    ]) {
      const answer = await onlyAnswer(
        family.mobile.gateway.url,
        bytesOf({ target: user, lines: [`Authorization: Bearer ${text}`] }),
      );
      expect([text.slice(0, 20), answer.status]).toEqual([text.slice(0, 20), 401]);
    }
    expect(users().hits()).toEqual({});
  });

  it('in any other place than its field', async () => {
    const token = await issued();
    const { client } = family.mobile;
    for (const query of [`?access_token=${token}`, `?access%5Ftoken=${token}`, '?access_token=']) {
      expect(await client.get(user + query)).toMatchObject({
        status: 400,
        json: { reason: 'malformed_request' },
      });
      expect(await client.get(user + query, { token })).toMatchObject({ status: 400 });
      expect(await client.get(`/api/mobile/products${query}`)).toMatchObject({ status: 400 });
    }
    for (const headers of [
      { cookie: `access_token=${token}` },
      { 'x-access-token': token },
      { 'proxy-authorization': `Bearer ${token}` },
      { authorization: token },
      { authorization: `Token ${token}` },
      { authorization: `Bearer:${token}` },
    ]) {
      expect(await client.get(user, { headers })).toMatchObject({ status: 401 });
    }
    expect(users().hits()).toEqual({});
  });

  it('that is bad, on a public endpoint too', async () => {
    expect(await family.mobile.client.get('/api/mobile/products', { token: 'a.b.c' })).toMatchObject({
      status: 401,
    });
  });
});

describe('the keys of the issuer', () => {
  it('are seen within one request of a rotation, and asked for once however many bring unknown ones', async () => {
    const rotating = await publishIssuer();
    const other = await startFamily(['mobile'], rotating.env);
    const statuses = async (header: (index: number) => Record<string, unknown>): Promise<Set<number>> => {
      const claims = { sub: 'usr_premium', scope: 'profile:read' };
      const tokens = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          rotating.issuer.token({ ...claims, jti: String(index) }, header(index)),
        ),
      );
      const answers = await Promise.all(tokens.map((token) => other.mobile.client.get(user, { token })));
      return new Set(answers.map(({ status }) => status));
    };
    try {
      expect(await statuses(() => ({}))).toEqual(new Set([200]));
      const before = rotating.fetches();
      rotating.issuer.rotate();
      expect(await statuses(() => ({}))).toEqual(new Set([200]));
      expect(rotating.fetches()).toBe(before + 1);
      // Within the cooldown no unknown key makes the issuer work.
      expect(await statuses((index) => ({ kid: `unknown-${index}` }))).toEqual(new Set([401]));
      expect(rotating.fetches()).toBe(before + 1);
    } finally {
      await other.stop();
      rotating.stop();
    }
  });

  const answering = (keys: object[], more: object = {}) =>
    publishIssuer((_request, response) => response.end(JSON.stringify({ keys, ...more })));

  it.each<[string, (key: TestKey) => Promise<PublishedIssuer>]>([
    [
      'behind a redirect',
      () => publishIssuer((_, response) => response.writeHead(302, { location: published.jwksUrl }).end()),
    ],
    ['in more than 256 KiB', ({ jwk }) => answering([jwk], { padding: 'x'.repeat(300_000) })],
    [
      'of 1024 bits',
      () =>
        answering([generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' })]),
    ],
  ])('are not taken %s: 503, and nobody comes in', async (_name, publish) => {
    const { key } = published.issuer;
    const bad = await publish(key);
    const gateway = await startGateway({
      app: 'gateway-mobile',
      env: { ...gatewayEnv(family.stack.urls), ...published.env, JWT_JWKS_URL: bad.jwksUrl },
    });
    const client = new HttpClient(gateway.url);
    try {
      const answer = await client.get(user, { token: await issued({}, {}, key) });
      expect(answer).toMatchObject({ status: 503, json: { reason: 'upstream_unavailable' } });
      expect(users().hits()).toEqual({});
    } finally {
      await client.close();
      await gateway.stop();
      bad.stop();
    }
  });
});
