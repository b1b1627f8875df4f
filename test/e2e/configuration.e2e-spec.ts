import { failingStart, gatewayEnv } from '@facet/testing/gateway';
import { describe, expect, it } from '@jest/globals';

const names = ['auth', 'orders', 'payments', 'shipping', 'catalog', 'users'];
const urls = Object.fromEntries(names.map((name) => [name, `http://${name}.test`]));

describe.each(['gateway-web', 'gateway-mobile', 'gateway-admin'] as const)('%s', (app) => {
  it('does not start without its environment, and names everything that is missing', async () => {
    const { code, output } = await failingStart({ app, env: {} });
    expect(code).toBe(1);
    for (const name of [
      'JWT_ISSUER',
      'JWT_AUDIENCE',
      'JWT_JWKS_URL',
      'UPSTREAM_AUTH_URL',
      'UPSTREAM_ORDERS_URL',
    ]) {
      expect(output).toMatch(new RegExp(`${name}.*missing`));
    }
    if (app !== 'gateway-admin') expect(output).toMatch(/API_KEYS_FILE.*missing/);
  });

  it('reports every bad value at once and shows no secret', async () => {
    const { JWT_JWKS_URL: _jwks, ...env } = gatewayEnv(urls);
    const { code, output } = await failingStart({
      app,
      env: {
        ...env,
        LOG_LEVEL: 'loud',
        JWT_SECRET: 'canary-too-short',
        CORS_ORIGINS: '*',
        TRUSTED_PROXIES: 'all',
      },
    });
    expect(code).toBe(1);
    for (const name of ['LOG_LEVEL', 'JWT_SECRET', 'CORS_ORIGINS', 'TRUSTED_PROXIES'])
      expect(output).toContain(name);
    expect(output).not.toContain('canary');
  });
});
