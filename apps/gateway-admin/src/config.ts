import { type GatewayConfig, readGatewayConfig, type UpstreamName } from '@facet/config';
import { type UpstreamDefinition } from '@facet/upstream';

/**
 * The upstreams of this gateway and how patient it is with each; what is not said has the lib’s default. Totals leave
 * room for three attempts: with two, one reset in ten is already a failure in a hundred.
 */
const policies: Partial<Record<UpstreamName, Omit<UpstreamDefinition, 'name' | 'url'>>> = {
  auth: { timeouts: { attemptMs: 2_000, totalMs: 6_200 } },
  catalog: { timeouts: { attemptMs: 2_000, totalMs: 6_200 } },
  // Lists over all customers take longer than one customer's.
  orders: { timeouts: { attemptMs: 3_000, totalMs: 9_200 } },
  users: { timeouts: { attemptMs: 2_000, totalMs: 6_200 } },
};

/** @throws ConfigError listing every fault of the environment */
export function readConfig(env: NodeJS.ProcessEnv = process.env): GatewayConfig {
  return readGatewayConfig(env, {
    name: 'gateway-admin',
    prefix: '/api/admin',
    port: 3002,
    managementPort: 9102,
    upstreams: Object.keys(policies) as UpstreamName[],
    apiKeys: false,
  });
}

export function upstreamDefinitions({ upstreams }: GatewayConfig): UpstreamDefinition[] {
  return Object.entries(upstreams).map(([name, address]) => ({
    name,
    ...address,
    ...policies[name as UpstreamName],
  }));
}
