import { type HttpPolicy, type HttpPolicyResolver } from '@facet/context';
import { type GatewayRequest } from './request/gateway-request.ts';
import { type VersionPolicy } from './versions/version-policy.ts';
import { type VersionStep } from './versions/version-step.ts';

declare module 'fastify' {
  interface FastifyRequest {
    facet: GatewayRequest;
  }
  interface FastifyContextConfig {
    facet?: HttpPolicy | HttpPolicyResolver;
    versions?: VersionPolicy;
    versionSteps?: Readonly<Record<string, VersionStep>>;
  }
}
