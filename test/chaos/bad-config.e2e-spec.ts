import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failingStart, gatewayEnv } from '@facet/testing/gateway';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Leftovers } from '../support/leftovers.ts';

/** A gateway that is told nonsense does not start, and tells all of it at once: a line for each fault. */
const names = ['auth', 'orders', 'payments', 'shipping', 'catalog', 'users'];
const sound = gatewayEnv(Object.fromEntries(names.map((name) => [name, 'http://127.0.0.1:9'])));
const folder = mkdtempSync(join(tmpdir(), 'facet-config-'));
const leftovers = new Leftovers();
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await leftovers.gone();
});

/** Starting takes part of a second; a machine under load is slow, but nobody waits for anything. */
const patienceMs = 10_000;

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** The lines of a start that fails, after what every such start owes. */
async function faultsOf(env: Record<string, string>): Promise<string[]> {
  const startedAtMs = performance.now();
  const { code, output } = await failingStart({ app: 'gateway-mobile', env: { ...sound, ...env } });
  expect(performance.now() - startedAtMs).toBeLessThan(patienceMs);
  expect(code).toBe(1);
  expect(output).not.toMatch(/canary|^\s+at |node_modules/m);
  return output.trimEnd().split('\n');
}

it('in the environment: 28 kinds', async () => {
  const faults = await faultsOf({
    NODE_ENV: 'prod',
    PORT: '99999',
    MANAGEMENT_PORT: 'nine',
    LOG_LEVEL: 'loud',
    TRUSTED_PROXIES: 'everybody,0.0.0.0/0',
    CORS_ORIGINS: '*,shop.example',
    BODY_LIMIT_BYTES: '0',
    REQUEST_DEADLINE_MS: 'soon',
    DRAIN_DELAY_MS: '-1',
    DRAIN_GRACE_MS: '1e9',
    JWT_ALGORITHMS: 'none,es256,HS256',
    JWT_LEEWAY_SECONDS: '31',
    JWT_SECRET: 'canary',
    JWT_ISUER: 'http://a',
    UPSTREAM_ORDER_URL: 'http://a',
    UPSTREAM_ORDERS_URL: 'ftp://a',
    UPSTREAM_USERS_URL: 'http://user:canary@a',
    UPSTREAM_CATALOG_URL: 'catalog',
    UPSTREAM_SHIPPING_URL: '',
    RATE_LIMIT_LEGACY_HEADERS: 'maybe',
    REDIS_URL: 'http://a',
    TLS_CERT_FILE: file('cert.pem', 'x'),
    API_KEYS_FILE: join(folder, 'absent.json'),
    TIERS_FILE: file('broken.yaml', 'free: ['),
  });
  const variables = faults.map((fault) => fault.slice(0, fault.indexOf(':')));
  expect(variables.sort()).toEqual(
    [
      ...['NODE_ENV', 'PORT', 'MANAGEMENT_PORT', 'LOG_LEVEL', 'TRUSTED_PROXIES', 'TRUSTED_PROXIES'],
      ...['CORS_ORIGINS', 'CORS_ORIGINS', 'BODY_LIMIT_BYTES', 'REQUEST_DEADLINE_MS', 'DRAIN_DELAY_MS'],
      ...['DRAIN_GRACE_MS', 'JWT_ALGORITHMS', 'JWT_ALGORITHMS', 'JWT_LEEWAY_SECONDS'],
      ...['JWT_SECRET', 'JWT_SECRET', 'JWT_ISUER', 'UPSTREAM_ORDER_URL', 'UPSTREAM_ORDERS_URL'],
      ...['UPSTREAM_USERS_URL', 'UPSTREAM_CATALOG_URL', 'UPSTREAM_SHIPPING_URL'],
      ...['RATE_LIMIT_LEGACY_HEADERS', 'REDIS_URL', 'TLS_KEY_FILE', 'API_KEYS_FILE', 'TIERS_FILE'],
    ].sort(),
  );
});

it('in the files it names: keys, tiers and certificates', async () => {
  const key = {
    id: 'a',
    sha256: '0'.repeat(64),
    subject: 's',
    tier: 'free',
    scopes: [] as string[],
  };
  const API_KEYS_FILE = file('keys.json', [
    { ...key, sha256: 'canary' },
    { ...key, tier: 'gold' },
    { ...key, secret: 'canary' },
    { ...key, scopes: 'all' },
  ]);
  const TIERS_FILE = file(
    'tiers.yaml',
    'free: { rate: 100/day }\ngold: unlimited\npaid: { rate: 1/s, burst: 0 }\n',
  );
  const bad = file('bad.pem', 'canary');
  expect(await faultsOf({ API_KEYS_FILE, TIERS_FILE, TLS_CERT_FILE: bad, TLS_KEY_FILE: bad })).toEqual([
    expect.stringMatching(/^TLS_CERT_FILE: and TLS_KEY_FILE are no PEM certificate and its key/),
    expect.stringMatching(/^API_KEYS_FILE: .*keys\.json\/0\/sha256 /),
    expect.stringMatching(/^API_KEYS_FILE: .*keys\.json\/1\/tier /),
    expect.stringMatching(/^API_KEYS_FILE: .*keys\.json\/2 .*secret/),
    expect.stringMatching(/^API_KEYS_FILE: .*keys\.json\/3\/scopes /),
    expect.stringMatching(/^TIERS_FILE: .*tiers\.yaml .*gold/),
    expect.stringMatching(/^TIERS_FILE: .*tiers\.yaml\/free\/rate /),
    expect.stringMatching(/^TIERS_FILE: .*tiers\.yaml\/paid\/burst /),
  ]);
});

it('in the declared routes: each fault with its line', async () => {
  const faulty = [
    '{ id: a, path: /a, upstream: nobody, auth: public }',
    '{ id: a, path: /other, upstream: orders, auth: public }',
    '{ id: twin, path: /a, upstream: orders, auth: public }',
    '{ id: b, path: b, upstream: orders, auth: public }',
    '{ id: c, path: /c, upstream: orders }',
    '{ id: d, path: /d/*/e, upstream: orders, auth: public }',
    '{ id: e, path: /e, upstream: orders, auth: public, scopes: [x] }',
    "{ id: f, path: /f, upstream: 'http://user:canary@a', auth: public }",
    '{ id: g, path: /g, upstream: orders, auth: public, timeoutMs: -1 }',
    '{ id: h, path: /h, upstream: orders, auth: public, retry: { attempts: 99 } }',
    '{ id: i, path: /i, upstream: orders, auth: public, cache: {} }',
    '{ id: j, path: /j, upstream: orders, auth: public, limits: [{ per: moon, rate: 1/s }] }',
    "{ id: k, path: /k, upstream: orders, auth: public, rewrite: '/x/:no' }",
    '{ id: l, path: /l, upstream: orders, auth: public, colour: red }',
    '{ id: m, path: /m, upstream: orders, auth: public, methods: [get] }',
  ];
  const ROUTES_FILE = file('routes.yaml', `routes:\n${faulty.map((route) => `  - ${route}\n`).join('')}`);
  const faults = await faultsOf({ ROUTES_FILE });
  const lines = faults.map((fault) => Number(/^routes\.yaml:(\d+) route "/.exec(fault)?.[1]));
  expect(lines).toEqual(faulty.map((_, index) => index + 2));
});

describe('in what only starting can tell', () => {
  const busy = createServer();
  beforeAll(async () => {
    busy.listen(0, '127.0.0.1');
    await once(busy, 'listening');
  });
  afterAll(async () => {
    const closed = once(busy, 'close');
    busy.close();
    await closed;
  });

  it.each(['PORT', 'MANAGEMENT_PORT'])('a %s that is taken', async (name) => {
    const { port } = busy.address() as { port: number };
    expect(await faultsOf({ [name]: String(port) })).toContain(
      `the gateway can't listen on 127.0.0.1:${port} (EADDRINUSE)`,
    );
  });

  it.each([
    ['is not there', join(folder, 'absent.yaml')],
    ['is no YAML', file('no.yaml', 'routes: [')],
  ])('a ROUTES_FILE that %s', async (_, ROUTES_FILE) => {
    expect((await faultsOf({ ROUTES_FILE })).length).toBe(1);
  });
});
