import { Clock, systemClock } from '@facet/context';
import { ManagementRoutes } from '@facet/management';
import { RedisConnection } from '@facet/store';
import { Inject, Module, type OnModuleInit, Optional } from '@nestjs/common';
import { Registry } from 'prom-client';
import { cachingOptions, type CachingOptions, ConfigurableModuleClass } from './caching.module-definition.ts';
import { HttpCache } from './http-cache.ts';
import { CacheMetrics } from './metrics.ts';
import { addPurgeRoute } from './purge-routes.ts';
import { CacheStore } from './store/cache-store.ts';
import { MemoryCacheStore } from './store/memory.cache-store.ts';
import { RedisCacheStore } from './store/redis/redis.cache-store.ts';

const optional = (token: typeof Clock | typeof Registry | typeof RedisConnection) => ({
  token,
  optional: true,
});

/**
 * The gateway's cache (global): provides `HttpCache` and `CacheStore`, in Redis where the app has a store, and serves
 * `POST /cache/purge` to operators.
 */
@Module({
  providers: [
    {
      provide: CacheStore,
      inject: [cachingOptions, optional(Clock), optional(RedisConnection)],
      useFactory: ({ maxBytes }: CachingOptions, clock?: Clock, connection?: RedisConnection) => {
        const memory = new MemoryCacheStore(maxBytes === undefined ? {} : { maxBytes });
        return connection ? new RedisCacheStore({ connection, clock: clock ?? systemClock, memory }) : memory;
      },
    },
    {
      provide: HttpCache,
      inject: [cachingOptions, CacheStore, optional(Clock), optional(Registry)],
      useFactory: (options: CachingOptions, store: CacheStore, clock?: Clock, registry?: Registry) => {
        const { gateway, maxEntryBytes } = options;
        const metrics = registry && new CacheMetrics(registry);
        return new HttpCache({
          store,
          clock: clock ?? systemClock,
          name: gateway,
          ...(metrics && { observe: (route, result) => metrics.count(route, result) }),
          ...(maxEntryBytes === undefined ? {} : { maxEntryBytes }),
        });
      },
    },
  ],
  exports: [CacheStore, HttpCache],
})
export class CachingModule extends ConfigurableModuleClass implements OnModuleInit {
  readonly #cache: HttpCache;
  readonly #routes: ManagementRoutes | undefined;

  constructor(
    @Inject(cachingOptions) { json }: CachingOptions,
    @Inject(HttpCache) cache: HttpCache,
    @Optional() @Inject(ManagementRoutes) routes?: ManagementRoutes,
  ) {
    super();
    this.#cache = cache;
    this.#routes = routes;
    json?.use(cache);
  }

  onModuleInit(): void {
    if (this.#routes) addPurgeRoute(this.#routes, this.#cache);
  }
}
