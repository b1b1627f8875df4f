export { StoreMetrics } from './metrics.ts';
export { RedisConnection, type RedisConnectionParts } from './redis-connection.ts';
export { RedisScript } from './redis-script.ts';
export { StoreModule, type StoreOptions } from './store.module.ts';
export { StoreUnavailable } from './store-unavailable.ts';
