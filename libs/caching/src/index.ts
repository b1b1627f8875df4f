export { type CacheIdentity, type CachePolicy, identityKey } from './cache-policy.ts';
export { type CacheResult } from './cache-status.ts';
export { CachingModule } from './caching.module.ts';
export { type CachingOptions } from './caching.module-definition.ts';
export {
  type CacheRequest,
  type CacheResponse,
  type Origin,
  type OriginRequest,
  type OriginResponse,
} from './exchange-types.ts';
export { HttpCache, type HttpCacheOptions } from './http-cache.ts';
export { JsonCaching } from './json/json-caching.ts';
export { type CacheableAnswer, type CacheableCall } from './json/json-call.ts';
export { CacheMetrics } from './metrics.ts';
export { type HeaderField, type HeaderList } from './rules/fields.ts';
export { concernsCaches } from './rules/request-wishes.ts';
export { CacheStore, labels } from './store/cache-store.ts';
export { MemoryCacheStore, type MemoryCacheStoreOptions } from './store/memory.cache-store.ts';
export { RedisCacheStore, type RedisCacheStoreParts } from './store/redis/redis.cache-store.ts';
export { type CacheRecord, type StoredHead, StoredResponse, VaryMarker } from './stored-response.ts';
