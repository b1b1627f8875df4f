import './fastify-types.ts';

export { bootstrapGateway } from './bootstrap-gateway.ts';
export { type GatewayModule, type GatewayOptions } from './build-gateway.ts';
export { createGateway, type Gateway } from './create-gateway.ts';
export { HttpModule, type HttpModuleOverrides } from './http.module.ts';
export { Context } from './input/context.decorator.ts';
export { ValidBody, ValidParams, ValidQuery } from './input/valid.decorators.ts';
export { LoadGuard, LoadStage } from './overload/load.guard.ts';
export { type OverloadLimits } from './overload/pressure.ts';
export { Answers } from './reply/answers.decorator.ts';
export { CacheControl } from './reply/cache-control.decorator.ts';
export { type ServerLimits } from './server/server-limits.ts';
export { Downgrade } from './versions/downgrade.decorator.ts';
export { Upgrade } from './versions/upgrade.decorator.ts';
export {
  type ApiVersion,
  defineVersions,
  type LegacyVersion,
  type VersionPolicy,
} from './versions/version-policy.ts';
export { Versioned } from './versions/versioned.decorator.ts';
