import { join } from 'node:path';

const workspaceRoot = join(import.meta.dirname, '../../../..');

/** A production environment for a built gateway in front of a dev stack at `urls`. */
export function gatewayEnv(urls: Readonly<Record<string, string>>): Record<string, string> {
  const upstreams = Object.entries(urls).map(([name, url]) => [`UPSTREAM_${name.toUpperCase()}_URL`, url]);
  return {
    NODE_ENV: 'production',
    LOG_LEVEL: 'info',
    DRAIN_DELAY_MS: '0',
    JWT_ISSUER: urls['auth'] ?? '',
    JWT_AUDIENCE: 'facet',
    JWT_ALGORITHMS: 'ES256',
    JWT_JWKS_URL: `${urls['auth']}/.well-known/jwks.json`,
    API_KEYS_FILE: join(workspaceRoot, 'tools/upstreams/data/api-keys.json'),
    ...(Object.fromEntries(upstreams) as Record<string, string>),
  };
}
