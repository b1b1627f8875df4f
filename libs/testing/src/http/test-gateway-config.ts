import { type GatewayConfig, type ServerConfig } from '@facet/config';

const tierLimit = { limit: 100, windowMs: 60_000, burst: 100, algorithm: 'token-bucket' } as const;

/** A gateway config for tests: free ports on 127.0.0.1, no upstreams, quiet. */
export function testGatewayConfig(
  overrides: Partial<Omit<GatewayConfig, 'server'>> & { server?: Partial<ServerConfig> } = {},
): GatewayConfig {
  const { server, ...rest } = overrides;
  return {
    name: 'gateway-web',
    prefix: '/api/web',
    environment: 'test',
    server: {
      host: '127.0.0.1',
      port: 0,
      managementHost: '127.0.0.1',
      managementPort: 0,
      managementHosts: [],
      trustedProxies: [],
      corsOrigins: [],
      bodyLimitBytes: 1024 * 1024,
      requestDeadlineMs: 10_000,
      drainDelayMs: 0,
      drainGraceMs: 5000,
      http2: true,
      ...server,
    },
    log: { level: 'silent' },
    jwt: {
      issuer: 'http://127.0.0.1:4001',
      audience: 'facet',
      algorithms: ['ES256'],
      keys: { jwksUrl: 'http://127.0.0.1:4001/.well-known/jwks.json' },
      leewaySeconds: 5,
    },
    apiKeys: { entries: [] },
    tiers: {
      anonymous: { ...tierLimit, limit: 60, burst: 60 },
      free: tierLimit,
      paid: { ...tierLimit, limit: 1000, burst: 1000 },
      premium: { ...tierLimit, limit: 10_000, burst: 10_000 },
      enterprise: 'unlimited',
    },
    throttling: { legacyHeaders: false },
    upstreams: {},
    ...rest,
  };
}
