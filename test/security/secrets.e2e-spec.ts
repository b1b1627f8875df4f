import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failingStart, gatewayEnv } from '@facet/testing/gateway';
import { head, json, raw, ScriptedUpstream, text } from '@facet/testing/upstreams';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Family, startFamily } from '../support/family.ts';
import { bytesOf, onTheWire } from '../support/wire.ts';

/** In every place a secret may stand, in a spelling that survives base64 and escapes of none. */
const canary = 'CanaryS3cretNobodyMayEverSee';
const apiKey = `fk_live_${canary}`;
const jwtSecret = `${canary}-${canary}`;
const prefix = '/api/mobile';

const directory = mkdtempSync(join(tmpdir(), 'facet-secrets-'));
const keysFile = join(directory, 'keys.json');
const tiersFile = join(import.meta.dirname, '../support/unlimited-tiers.json');
writeFileSync(
  keysFile,
  JSON.stringify([
    {
      id: 'partner',
      sha256: createHash('sha256').update(apiKey).digest('hex'),
      subject: 'usr_partner',
      tier: 'paid',
      scopes: ['payments:write', 'orders:read', 'profile:read'],
    },
  ]),
);

let family: Family;
let upstream: ScriptedUpstream;
let token: string;
/** Everything that came back, heads and bodies. */
const answers: string[] = [];

beforeAll(async () => {
  upstream = await ScriptedUpstream.start();
  const names = ['AUTH', 'ORDERS', 'PAYMENTS', 'SHIPPING', 'CATALOG', 'USERS'];
  family = await startFamily(['mobile'], {
    ...Object.fromEntries(names.map((name) => [`UPSTREAM_${name}_URL`, upstream.url])),
    LOG_LEVEL: 'trace',
    TIERS_FILE: tiersFile,
    API_KEYS_FILE: keysFile,
    // Nobody listens there: what the store says of that must not tell the password.
    REDIS_URL: `redis://default:${canary}@127.0.0.1:1`,
    JWT_JWKS_URL: '',
    JWT_SECRET: jwtSecret,
    JWT_ALGORITHMS: 'HS256',
    CORS_ORIGINS: 'https://shop.example',
  });
  token = await new SignJWT({ tier: 'enterprise', scope: 'orders:read orders:write profile:read' })
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
    .setIssuer(family.stack.urls.auth)
    .setAudience('facet')
    .setSubject('usr_1')
    .setExpirationTime('5m')
    .sign(new TextEncoder().encode(jwtSecret));
});
afterAll(async () => {
  await family.stop();
  await upstream[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

async function send(bytes: string): Promise<void> {
  for (const answer of await onTheWire(family.mobile.gateway.url, bytes)) {
    answers.push(JSON.stringify(answer.fields), answer.text);
  }
}

const get = (target: string, ...lines: string[]): Promise<void> => send(bytesOf({ target, lines }));
const post = (path: string, body: string, ...lines: string[]): Promise<void> =>
  send(bytesOf({ method: 'POST', target: prefix + path, lines, body }));
const bearer = (): string => `Authorization: Bearer ${token}`;

/** Where a client may have put it, by mistake or on purpose. */
const requests: [place: string, send: () => Promise<void>][] = [
  ['a good API key', () => post('/payments/charge', '{"amount":1,"currency":"EUR"}', `X-API-Key: ${apiKey}`)],
  ['a bad API key', () => get(`${prefix}/orders`, `X-API-Key: ${canary}`)],
  ['a bad token', () => get(`${prefix}/orders`, `Authorization: Bearer ${canary}`)],
  ['a token of odd characters', () => get(`${prefix}/orders`, `Authorization: Bearer ${canary}%"\\`)],
  [
    'the claims of a bad token',
    () =>
      get(
        `${prefix}/orders`,
        `Authorization: Bearer e30.${Buffer.from(`{"sub":"${canary}"}`).toString('base64url')}.${canary}`,
      ),
  ],
  [
    'the kid of a bad token',
    () =>
      get(
        `${prefix}/orders`,
        `Authorization: Bearer ${Buffer.from(`{"alg":"HS256","typ":"JWT","kid":"${canary}"}`).toString('base64url')}.e30.${canary}`,
      ),
  ],
  ['Basic credentials', () => get(`${prefix}/orders`, `Authorization: Basic ${canary}`)],
  ['a scheme', () => get(`${prefix}/orders`, `Authorization: ${canary}`)],
  [
    'two credentials',
    () => get(`${prefix}/orders`, `Authorization: Bearer ${canary}`, `X-API-Key: ${canary}`),
  ],
  ['a cookie', () => get(`${prefix}/orders`, bearer(), `Cookie: session=${canary}`)],
  ['the access_token of a URL', () => get(`${prefix}/orders?access_token=${canary}`)],
  ['a query', () => get(`${prefix}/orders?cursor=${canary}&limit=${canary}`, bearer())],
  ['the path', () => get(`${prefix}/orders/${canary}`, bearer())],
  ['a path of nothing', () => get(`/${canary}/${canary}?${canary}`)],
  ['an ambiguous path', () => get(`${prefix}//${canary}`)],
  ['a malformed path', () => get(`${prefix}/%zz${canary}`)],
  ['a fragment', () => get(`${prefix}/orders#${canary}`)],
  ['a legacy path', () => get(`${prefix}/v1/orders?cursor=${canary}`, bearer())],
  ['an absolute target', () => get(`http://${canary}:${canary}@a${prefix}/orders`)],
  ...[
    'User-Agent',
    'Referer',
    'Origin',
    'Accept',
    'Accept-Language',
    'Accept-Encoding',
    'If-None-Match',
    'Idempotency-Key',
    'Forwarded',
    'X-Forwarded-For',
    'X-Real-IP',
    'Via',
    'CDN-Loop',
    'traceparent',
    'tracestate',
    'baggage',
    'API-Version',
    'Expect',
    'Max-Forwards',
    'Range',
    'Proxy-Authorization',
    'X-Anything',
    'Upgrade',
    'Cache-Control',
    'Connection',
  ].map((name): [string, () => Promise<void>] => [
    name,
    () => get(`${prefix}/orders`, bearer(), `${name}: ${canary}`),
  ]),
  ['an X-Request-Id that is none', () => get(`${prefix}/orders`, `X-Request-Id: ${canary} ${canary}`)],
  ['a header name', () => get(`${prefix}/orders`, `X-${canary}: 1`, `X_${canary}: 1`)],
  ['Host', () => send(`GET ${prefix}/orders HTTP/1.1\r\nHost: ${canary}/\r\n\r\n`)],
  ['a method', () => send(`${canary.toUpperCase()} / HTTP/1.1\r\nHost: a\r\n\r\n`)],
  [
    'a known method of nothing',
    () => send(`PROPFIND /${canary} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`),
  ],
  ['garbage', () => send(`${canary}\r\n\r\n`)],
  ['a broken header section', () => send(`GET / HTTP/1.1\r\nHost: a\r\n${canary} ${canary}\r\n\r\n`)],
  ['a login', () => post('/auth/login', `{"username":"${canary}","password":"${canary}"}`)],
  [
    'a login with a member too many',
    () => post('/auth/login', `{"username":"a","password":"${canary}","otp":"${canary}"}`),
  ],
  [
    'a login of wrong types',
    () => post('/auth/login', `{"username":["${canary}"],"password":{"${canary}":1}}`),
  ],
  ['a refresh', () => post('/auth/refresh', `{"refreshToken":"${canary}"}`)],
  ['a logout', () => post('/auth/logout', `{"refreshToken":"${canary}"}`)],
  ['a broken body', () => post('/auth/login', `{"password":"${canary}`)],
  ['a body of another type', () => post('/orders', canary, bearer(), `Content-Type: text/${canary}`)],
  [
    'an order',
    () =>
      post(
        '/orders',
        `{"items":[{"productId":"${canary}","quantity":1}],"customerNote":"${canary}"}`,
        bearer(),
      ),
  ],
  ['a bad order', () => post('/orders', `{"items":"${canary}"}`, bearer())],
  ['a coded body', () => post('/orders', canary, bearer(), 'Content-Encoding: gzip')],
  [
    'a trailer',
    () =>
      send(
        `POST ${prefix}/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\n{}\r\n0\r\nX-Secret: ${canary}\r\n\r\n`,
      ),
  ],
  [
    'a chunk extension',
    () =>
      send(
        `POST ${prefix}/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2;${canary}\r\n{}\r\n0\r\n\r\n`,
      ),
  ],
];

/** Where an upstream may have put it. */
const faults: [name: string, answer: Parameters<ScriptedUpstream['always']>[0]][] = [
  ['the body of a 500', json({ error: canary, stack: `Error: ${canary}\n at ${canary}` }, { status: 500 })],
  ['the body of a 400', json({ detail: canary }, { status: 400 })],
  ['the body of a 401', json({ detail: canary }, { status: 401, headers: { 'www-authenticate': canary } })],
  ['the body of a 404', json({ detail: canary }, { status: 404 })],
  ['the body of a 409', json({ detail: canary }, { status: 409 })],
  ['the body of a 429', json({ detail: canary }, { status: 429, headers: { 'retry-after': canary } })],
  ['a field it should not have', json({ items: [], nextCursor: null, [canary]: canary })],
  ['a value of the wrong type', json({ items: canary, nextCursor: [canary] })],
  ['broken JSON', text(`{"a":"${canary}`, { headers: { 'content-type': 'application/json' } })],
  ['HTML', text(`<h1>${canary}</h1>`, { headers: { 'content-type': 'text/html' } })],
  ['a status line', raw(`HTTP/1.1 500 ${canary}\r\ncontent-length: 0\r\n\r\n`)],
  ['no status line', raw(`${canary}\r\n\r\n`, 'end')],
  ['a broken header', raw(`HTTP/1.1 200 OK\r\n${canary}\r\n\r\n`, 'end')],
  [
    'headers',
    json(
      { items: [], nextCursor: null },
      {
        headers: {
          server: canary,
          'x-powered-by': canary,
          'set-cookie': `a=${canary}`,
          'x-debug': canary,
          via: canary,
        },
      },
    ),
  ],
  ['a redirect', raw(head(302, { location: `http://${canary}/`, 'content-length': '0' }))],
  [
    'a body cut short',
    raw(
      `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"a":"${canary}"`,
      'end',
    ),
  ],
  [
    'another length',
    raw(`HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\nx: ${canary}\r\n\r\n`, 'end'),
  ],
  ['a bad chunk', raw(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${canary}`, 'end')],
];

describe('a secret', () => {
  it.each(requests)('in %s stays with the client', async (_place, ask) => {
    upstream.always(json({ items: [], nextCursor: null }));
    await ask();
    expect(answers.join('\n')).not.toContain(canary);
  });

  it.each(faults)('in %s of an upstream stays there', async (_name, answer) => {
    upstream.always(answer);
    await get(`${prefix}/orders`, bearer());
    await get(`${prefix}/products/prd_1`);
    await post('/auth/login', '{"username":"a","password":"b"}');
    await post('/orders', '{"items":[{"productId":"prd_0001","quantity":1}]}', bearer());
    await get(`${prefix}/home`, bearer());
    expect(answers.join('\n')).not.toContain(canary);
  });

  it('of all these is in no line, on no stream, in no metric and in no health report', async () => {
    const { gateway } = family.mobile;
    const reports = await Promise.all(
      ['/metrics', '/health/ready', '/health/deps', '/health/live'].map(async (path) =>
        (await fetch(gateway.managementUrl + path)).text(),
      ),
    );
    expect(reports.join('\n').toLowerCase()).not.toContain(canary.toLowerCase());
    await family.stop();
    expect(gateway.log.length).toBeGreaterThan(100);
    expect(JSON.stringify(gateway.log).toLowerCase()).not.toContain(canary.toLowerCase());
    expect(gateway.stderr()).toBe('');
  });
});

describe('a secret of the configuration', () => {
  const badKeys = join(directory, 'bad-keys.json');
  const urls = Object.fromEntries(
    ['auth', 'orders', 'payments', 'shipping', 'catalog', 'users'].map((name) => [
      name,
      `http://${name}.test`,
    ]),
  );

  /** Every fault is told at once, so a few starts show them all. */
  it.each<[string, Record<string, string>]>([
    [
      'of the wrong kind',
      {
        JWT_SECRET: canary,
        JWT_JWKS_URL: '',
        REDIS_URL: `http://user:${canary}@localhost`,
        UPSTREAM_ORDERS_URL: `http://user:${canary}@orders.test`,
        API_KEYS_FILE: badKeys,
        JWT_SECRET_KEY: canary,
      },
    ],
    [
      'that is none',
      {
        JWT_SECRET: jwtSecret,
        REDIS_URL: `user:${canary}@localhost:99999999`,
        UPSTREAM_ORDERS_URL: `//user:${canary}@`,
      },
    ],
    ['in the URL of the keys', { JWT_JWKS_URL: `https://user:${canary}@id.test/jwks` }],
  ])('%s is not in the fault that names it', async (_name, env) => {
    writeFileSync(
      badKeys,
      JSON.stringify([{ id: 'a', sha256: canary, key: canary, subject: 'a', tier: canary, scopes: [] }]),
    );
    const { code, output } = await failingStart({
      app: 'gateway-mobile',
      env: { ...gatewayEnv(urls), ...env },
    });
    expect(code).toBe(1);
    for (const [name, value] of Object.entries(env))
      if (value !== '') expect(output).toMatch(new RegExp(`^${name}: `, 'm'));
    expect(output).not.toContain(canary);
  });
});
