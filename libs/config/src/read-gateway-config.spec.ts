import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { ConfigError } from './config-error.ts';
import { type Environment } from './env-reader.ts';
import { type GatewayDefinition, readGatewayConfig } from './read-gateway-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const key = { id: 'k', sha256: 'a'.repeat(64), subject: 's', tier: 'free', scopes: ['payments:write'] };
const definition: GatewayDefinition = {
  name: 'gateway-mobile',
  prefix: '/api/mobile',
  port: 3001,
  managementPort: 9101,
  upstreams: ['auth', 'orders'],
  apiKeys: true,
};
const production: Environment = {
  NODE_ENV: 'production',
  JWT_ISSUER: 'https://id.example',
  JWT_AUDIENCE: 'facet',
  JWT_JWKS_URL: 'https://id.example/jwks',
  API_KEYS_FILE: file('keys.json', [key]),
  UPSTREAM_AUTH_URL: 'http://auth.internal',
  UPSTREAM_ORDERS_URL: 'http://orders.internal:8080',
};

function faultsOf(changes: Environment, base: Environment = production): readonly string[] {
  try {
    readGatewayConfig({ ...base, ...changes }, definition);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('readGatewayConfig', () => {
  it('reads a full production environment', () => {
    const config = readGatewayConfig(production, definition);
    expect(config.server).toMatchObject({ host: '127.0.0.1', port: 3001, managementPort: 9101 });
    expect(config.upstreams['orders']).toEqual({ url: 'http://orders.internal:8080' });
    expect(config.tiers.enterprise).toBe('unlimited');
    expect(config.apiKeys.entries).toEqual([key]);
  });

  it('names every missing variable at once, and is production unless told otherwise', () => {
    const faults = faultsOf({}, {}).join('\n');
    for (const name of [
      'JWT_ISSUER',
      'JWT_AUDIENCE',
      'JWT_JWKS_URL',
      'API_KEYS_FILE',
      'UPSTREAM_AUTH_URL',
      'UPSTREAM_ORDERS_URL',
    ]) {
      expect(faults).toContain(`${name}: is missing`);
    }
  });

  it('needs nothing in development', () => {
    const config = readGatewayConfig({ NODE_ENV: 'development' }, definition);
    expect(config.upstreams['orders']?.url).toBe('http://127.0.0.1:4002');
    expect(config.apiKeys.entries).toHaveLength(4);
  });

  it.each<[string, Environment]>([
    ['PORT', { PORT: '70000' }],
    ['PORT', { PORT: '3000x' }],
    ['PORT', { PORT: '-1' }],
    ['MANAGEMENT_PORT', { MANAGEMENT_PORT: 'nine' }],
    ['MANAGEMENT_HOSTS', { MANAGEMENT_HOSTS: 'https://ops.example' }],
    ['MANAGEMENT_HOSTS', { MANAGEMENT_HOSTS: 'ops.example:9100' }],
    ['MANAGEMENT_HOSTS', { MANAGEMENT_HOSTS: 'ops.example,*' }],
    ['LOG_LEVEL', { LOG_LEVEL: 'verbose' }],
    ['NODE_ENV', { NODE_ENV: 'prod' }],
    ['TRUSTED_PROXIES', { TRUSTED_PROXIES: '10.0.0.0/8,everyone' }],
    ['TRUSTED_PROXIES', { TRUSTED_PROXIES: '0.0.0.0/0' }],
    ['TRUSTED_PROXIES', { TRUSTED_PROXIES: '0.0.0.0/00' }],
    ['CORS_ORIGINS', { CORS_ORIGINS: '*' }],
    ['CORS_ORIGINS', { CORS_ORIGINS: 'https://shop.example/' }],
    ['CORS_ORIGINS', { CORS_ORIGINS: 'null' }],
    ['CORS_ORIGINS', { CORS_ORIGINS: 'https://*.shop.example' }],
    ['CORS_ORIGINS', { CORS_ORIGINS: 'https://shop.example,*' }],
    ['CORS_ORIGINS', { CORS_ORIGINS: 'https://user@shop.example' }],
    ['CORS_ORIGINS', { CORS_ORIGINS: 'shop.example' }],
    ['CORS_ORIGINS', { CORS_ORIGINS: 'ftp://shop.example' }],
    ['BODY_LIMIT_BYTES', { BODY_LIMIT_BYTES: '0' }],
    ['REQUEST_DEADLINE_MS', { REQUEST_DEADLINE_MS: '10' }],
    ['JWT_ALGORITHMS', { JWT_ALGORITHMS: 'none' }],
    ['JWT_ALGORITHMS', { JWT_ALGORITHMS: 'es256' }],
    ['JWT_ALGORITHMS', { JWT_ALGORITHMS: 'HS256' }],
    ['JWT_SECRET', { JWT_SECRET: 'x'.repeat(40) }],
    ['JWT_SECRET', { JWT_SECRET: 'short', JWT_JWKS_URL: undefined }],
    ['JWT_JWKS_URL', { JWT_JWKS_URL: 'ftp://id.example/jwks' }],
    ['JWT_LEEWAY_SECONDS', { JWT_LEEWAY_SECONDS: '31' }],
    ['JWT_ISUER', { JWT_ISUER: 'https://id.example' }],
    ['UPSTREAM_ORDER_URL', { UPSTREAM_ORDER_URL: 'http://x' }],
    ['UPSTREAM_ORDERS_URL', { UPSTREAM_ORDERS_URL: 'orders:8080/path' }],
    ['UPSTREAM_ORDERS_URL', { UPSTREAM_ORDERS_URL: 'http://user:pass@orders' }],
    ['REDIS_URL', { REDIS_URL: 'http://redis' }],
    ['API_KEYS_FILE', { API_KEYS_FILE: join(folder, 'absent.json') }],
    ['API_KEYS_FILE', { API_KEYS_FILE: file('twice.json', [key, key]) }],
    ['API_KEYS_FILE', { API_KEYS_FILE: file('clear.json', [{ ...key, secret: 'x' }]) }],
    ['API_KEYS_FILE', { API_KEYS_FILE: file('date.json', [{ ...key, expiry: 'soon' }]) }],
    ['TIERS_FILE', { TIERS_FILE: file('tiers.json', { free: { rate: '100/day' } }) }],
    ['TIERS_FILE', { TIERS_FILE: file('gold.json', { gold: 'unlimited' }) }],
    ['TIERS_FILE', { TIERS_FILE: file('broken.yaml', 'free: [') }],
    ['TLS_KEY_FILE', { TLS_CERT_FILE: 'cert.pem' }],
    ['HTTP2', { HTTP2: 'yes' }],
    ['UPSTREAM_CA_FILE', { UPSTREAM_CA_FILE: join(folder, 'absent.pem') }],
    ['UPSTREAM_CERT_FILE', { UPSTREAM_KEY_FILE: 'key.pem' }],
    [
      'UPSTREAM_CERT_FILE',
      { UPSTREAM_CERT_FILE: file('ours.pem', 'x'), UPSTREAM_KEY_FILE: file('ours.key', 'x') },
    ],
    ['TLS_CERT_FILE', { TLS_CERT_FILE: join(folder, 'absent'), TLS_KEY_FILE: join(folder, 'absent') }],
    ['TLS_CERT_FILE', { TLS_CERT_FILE: file('no.pem', 'x'), TLS_KEY_FILE: file('no.key', 'canary') }],
  ])('refuses a bad %s: %j', (name, changes) => {
    expect(faultsOf(changes).some((fault) => fault.startsWith(`${name}: `))).toBe(true);
  });

  it('tells one fault of a file once, though its value may have several forms', () => {
    const tiers = {
      anonymous: 'sometimes',
      free: { rate: 100 },
      paid: { rate: '1/m', colour: 'red' },
      premium: {},
    };
    const path = file('forms.json', tiers);
    expect(faultsOf({ TIERS_FILE: path })).toEqual([
      `TIERS_FILE: ${path}/anonymous has none of the forms it may have`,
      `TIERS_FILE: ${path}/free/rate must be string`,
      `TIERS_FILE: ${path}/paid must NOT have additional properties (colour)`,
      `TIERS_FILE: ${path}/premium must have required property 'rate'`,
    ]);
  });

  it('never shows a secret', () => {
    const faults = faultsOf({
      JWT_SECRET: 'canary-secret',
      UPSTREAM_ORDERS_URL: 'http://u:canary-secret@orders',
    });
    expect(faults.length).toBeGreaterThan(1);
    expect(faults.join('\n')).not.toContain('canary');
  });

  it.each([
    'NODE_ENV',
    'PORT',
    'LOG_LEVEL',
    'TRUSTED_PROXIES',
    'CORS_ORIGINS',
    'JWT_ALGORITHMS',
    'JWT_LEEWAY_SECONDS',
    'JWT_JWKS_URL',
    'UPSTREAM_ORDERS_URL',
    'UPSTREAM_CA_FILE',
    'REDIS_URL',
    'API_KEYS_FILE',
    'TIERS_FILE',
  ])('does not repeat a secret that was put into %s by mistake', (name) => {
    for (const secret of ['canary', 'https://u:canary@shop.example', '-----BEGIN PRIVATE KEY-----\ncanary']) {
      const faults = faultsOf({ [name]: secret }).join('\n');
      expect([name, faults]).toEqual([name, expect.stringContaining(name)]);
      expect(faults).not.toContain('canary');
    }
    expect(faultsOf({ TLS_CERT_FILE: 'canary', TLS_KEY_FILE: 'canary' }).join('\n')).not.toContain('canary');
  });

  it('lays a tiers file over the defaults', () => {
    const path = file('leaky.yaml', 'free: { rate: 5/s, burst: 2, algorithm: leaky-bucket }\n');
    const { tiers } = readGatewayConfig({ ...production, TIERS_FILE: path }, definition);
    expect(tiers.free).toEqual({ limit: 5, windowMs: 1000, burst: 2, algorithm: 'leaky-bucket' });
    expect(tiers.paid).toMatchObject({ limit: 1000, windowMs: 60_000 });
  });
});
