import { type Answer } from '@facet/testing/gateway';
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Family, startFamily } from '../support/family.ts';

const apps = ['web', 'mobile', 'admin'] as const;
const issuer = 'https://id.test';
const claims = {
  sub: 'usr_premium',
  tier: 'premium',
  scope: 'orders:read orders:read:any',
  roles: ['admin'],
};

let family: Family;
let keys: CryptoKeyPair;
let foreign: CryptoKeyPair;
let jwks: Server;

type CryptoKeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

interface Minted {
  readonly payload?: JWTPayload;
  readonly key?: CryptoKeyPair['privateKey'] | Uint8Array;
  readonly alg?: string;
  readonly expiresIn?: string | number;
  readonly audience?: string;
}

function mint({
  payload = claims,
  key = keys.privateKey,
  alg = 'ES256',
  ...rest
}: Minted = {}): Promise<string> {
  return new SignJWT(payload)
    .setProtectedHeader({ alg, kid: 'test', typ: 'at+jwt' })
    .setIssuer(issuer)
    .setAudience(rest.audience ?? 'facet')
    .setIssuedAt()
    .setExpirationTime(rest.expiresIn ?? '5m')
    .sign(key);
}

beforeAll(async () => {
  [keys, foreign] = await Promise.all([
    generateKeyPair('ES256', { extractable: true }),
    generateKeyPair('ES256'),
  ]);
  const published = {
    keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'test', alg: 'ES256', use: 'sig' }],
  };
  jwks = createServer((_request, response) => response.end(JSON.stringify(published))).listen(0, '127.0.0.1');
  await new Promise((resolve) => jwks.once('listening', resolve));
  const jwksUrl = `http://127.0.0.1:${(jwks.address() as AddressInfo).port}/jwks`;
  family = await startFamily(apps, { JWT_ISSUER: issuer, JWT_JWKS_URL: jwksUrl });
});
afterAll(async () => {
  await family.stop();
  jwks.close();
});

function upstreamHits(): number {
  return Object.values(family.stack.services)
    .flatMap((service) => Object.values(service.hits()))
    .reduce((sum, hits) => sum + hits, 0);
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const badTokens: [name: string, token: () => Promise<string>][] = [
  ['signed with a foreign key', () => mint({ key: foreign.privateKey })],
  ['expired', () => mint({ expiresIn: Math.floor(Date.now() / 1000) - 3600 })],
  ['for another audience', () => mint({ audience: 'somebody-else' })],
  [
    'with alg none',
    () =>
      Promise.resolve(
        `${encode({ alg: 'none', kid: 'test' })}.${encode({ ...claims, iss: issuer, aud: 'facet', exp: 9e9 })}.`,
      ),
  ],
  [
    'with alg NoNe',
    () =>
      Promise.resolve(
        `${encode({ alg: 'NoNe', kid: 'test' })}.${encode({ ...claims, iss: issuer, aud: 'facet', exp: 9e9 })}.`,
      ),
  ],
  [
    'signed with the public key as a secret',
    async () =>
      mint({ alg: 'HS256', key: new TextEncoder().encode(JSON.stringify(await exportJWK(keys.publicKey))) }),
  ],
  [
    'with its payload changed',
    async () =>
      (await mint()).replace(/\.[^.]+\./, `.${encode({ ...claims, iss: issuer, aud: 'facet', exp: 9e9 })}.`),
  ],
  ['that is no token', () => Promise.resolve('abc')],
];

describe.each(apps)('gateway-%s refuses', (app) => {
  const orders = (options: Parameters<Family['web']['client']['get']>[1] = {}): Promise<Answer> =>
    family[app].client.get(`${family[app].prefix}/orders`, options);

  let before: number;
  beforeEach(() => {
    before = upstreamHits();
  });

  it('no credential', async () => {
    const answer = await orders();
    expect(answer).toMatchObject({ status: 401, json: { reason: 'unauthenticated' } });
    expect(answer.headers['www-authenticate']).toContain('Bearer');
    expect(upstreamHits()).toBe(before);
  });

  it.each(badTokens)('a token %s', async (_name, token) => {
    const answer = await orders({ token: await token() });
    expect(answer).toMatchObject({ status: 401, json: { reason: 'invalid_token' } });
    expect(answer.headers['www-authenticate']).toContain('error="invalid_token"');
    expect(upstreamHits()).toBe(before);
  });

  it('a token without the scope', async () => {
    const answer = await orders({ token: await mint({ payload: { ...claims, scope: 'profile:read' } }) });
    expect(answer).toMatchObject({ status: 403, json: { reason: 'insufficient_scope' } });
    expect(upstreamHits()).toBe(before);
  });

  it('two credentials on one request', async () => {
    const answer = await orders({ token: await mint(), apiKey: 'fk_dev_free_0000000000000001' });
    expect(answer).toMatchObject({ status: 400, json: { reason: 'conflicting_credentials' } });
  });

  it('a token in the query', async () => {
    const answer = await family[app].client.get(`${family[app].prefix}/orders?access_token=${await mint()}`);
    expect([400, 401]).toContain(answer.status);
    expect(upstreamHits()).toBe(before);
  });

  it('unknown query parameters and bad limits', async () => {
    const token = await mint();
    for (const query of [
      '?colour=red',
      '?limit=0',
      '?limit=101',
      '?limit=ten',
      '?limit=0x10',
      '?limit=1e1',
      '?limit=+5',
    ]) {
      const answer = await family[app].client.get(`${family[app].prefix}/orders${query}`, { token });
      expect([query, answer.status, answer.json.reason]).toEqual([query, 400, 'invalid_input']);
      expect(answer.json.violations.length).toBeGreaterThan(0);
    }
  });

  it('paths and methods that are not there', async () => {
    expect(await family[app].client.get(`${family[app].prefix}/nothing`)).toMatchObject({ status: 404 });
    const answer = await family[app].client.call('DELETE', `${family[app].prefix}/orders`);
    expect(answer).toMatchObject({ status: 405, json: { reason: 'method_not_allowed' } });
    expect(answer.headers.allow).toContain('GET');
  });

  it('nothing of what is valid: the same token passes', async () => {
    expect((await orders({ token: await mint() })).status).toBe(200);
  });
});

describe.each(['web', 'mobile'] as const)('POST /payments/charge on gateway-%s', (app) => {
  const charge = (options: { apiKey?: string; token?: string } = {}): Promise<Answer> =>
    family[app].client.post(
      `${family[app].prefix}/payments/charge`,
      { amount: 1999, currency: 'EUR' },
      options,
    );

  it('takes no anonymous caller, no wrong secret behind a right prefix, and no token', async () => {
    const before = upstreamHits();
    expect(await charge()).toMatchObject({ status: 401, json: { reason: 'unauthenticated' } });
    const answer = await charge({ apiKey: 'fk_dev_free_0000000000000009' });
    expect(answer).toMatchObject({ status: 401, json: { reason: 'invalid_api_key' } });
    expect((await charge({ token: await mint() })).status).toBe(401);
    expect(upstreamHits()).toBe(before);
  });

  it('takes a valid key', async () => {
    expect((await charge({ apiKey: 'fk_dev_paid_0000000000000002' })).status).toBe(201);
  });
});

it('gateway-admin has no charge endpoint', async () => {
  const answer = await family.admin.client.post(
    '/api/admin/payments/charge',
    {},
    { apiKey: 'fk_dev_free_0000000000000001' },
  );
  expect(answer.status).toBe(404);
});

it('gateway-admin lets only admins in', async () => {
  const token = await mint({ payload: { ...claims, roles: [] } });
  const answer = await family.admin.client.get('/api/admin/orders', { token });
  expect(answer).toMatchObject({ status: 403, json: { reason: 'insufficient_role' } });
});
