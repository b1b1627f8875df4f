import { type GatewayConfig, readGatewayConfig, type UpstreamName } from '@facet/config';
import { type UpstreamDefinition } from '@facet/upstream';

/**
 * The upstreams of this gateway and how patient it is with each; what is not said has the lib’s default. Totals leave
 * room for three attempts: with two, one reset in ten is already a failure in a hundred.
 */
const policies: Partial<Record<UpstreamName, Omit<UpstreamDefinition, 'name' | 'url'>>> = {
  auth: { timeouts: { attemptMs: 2_000, totalMs: 6_200 } },
  catalog: { timeouts: { attemptMs: 1_500, totalMs: 4_700 } },
  orders: { timeouts: { attemptMs: 2_500, totalMs: 7_700 } },
  // Card networks are slow, and a charge is repeated with an idempotency key only.
  payments: { timeouts: { attemptMs: 4_500, totalMs: 9_500 } },
  shipping: { timeouts: { attemptMs: 2_000, totalMs: 6_200 } },
  users: { timeouts: { attemptMs: 1_500, totalMs: 4_700 } },
};

/** @throws ConfigError listing every fault of the environment */
export function readConfig(env: NodeJS.ProcessEnv = process.env): GatewayConfig {
  return readGatewayConfig(env, {
    name: 'gateway-mobile',
    prefix: '/api/mobile',
    port: 3001,
    managementPort: 9101,
    upstreams: Object.keys(policies) as UpstreamName[],
    apiKeys: true,
  });
}

export function upstreamDefinitions({ upstreams }: GatewayConfig): UpstreamDefinition[] {
  return Object.entries(upstreams).map(([name, address]) => ({
    name,
    ...address,
    ...policies[name as UpstreamName],
  }));
}
