import { type HttpPolicy, type HttpPolicyResolver } from '@facet/context';
import { type GatewayRequest } from './request/gateway-request.ts';
import { type Downgrade } from './versions/downgrade.decorator.ts';
import { type VersionPolicy } from './versions/version-policy.ts';

declare module 'fastify' {
  interface FastifyRequest {
    facet: GatewayRequest;
  }
  interface FastifyContextConfig {
    facet?: HttpPolicy | HttpPolicyResolver;
    versions?: VersionPolicy;
    downgrades?: Readonly<Record<string, Downgrade>>;
  }
}
