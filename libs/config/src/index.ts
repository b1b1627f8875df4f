export { apiKeysSchema, readApiKeysFile } from './api-keys-file.ts';
export { ConfigError } from './config-error.ts';
export { type FileResult, readDataFile } from './data-file.ts';
export { type Environment, EnvReader } from './env-reader.ts';
export { parseRate, type Rate, ratePattern } from './rate.ts';
export {
  type GatewayDefinition,
  readGatewayConfig,
  type UpstreamName,
  upstreamNames,
} from './read-gateway-config.ts';
export { defaultTiers, readTiersFile, tiersSchema } from './tiers-file.ts';
export {
  type ApiKeyEntry,
  type ApiKeysConfig,
  type GatewayConfig,
  type JwtAlgorithm,
  jwtAlgorithms,
  type JwtConfig,
  type LogLevel,
  type ServerConfig,
  type TierLimit,
  type TiersConfig,
  type UpstreamTlsConfig,
} from './gateway-config.ts';
