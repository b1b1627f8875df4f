import { Clock, systemClock } from '@facet/context';
import { RedisConnection } from '@facet/store';
import { type Provider } from '@nestjs/common';
import { Registry } from 'prom-client';
import { BucketThrottlerStorage } from './bucket-throttler.storage.ts';
import { EndpointLimits } from './endpoint-limits.ts';
import { LimitsCheck } from './limits.check.ts';
import { MemoryThrottleStore } from './memory/memory-throttle.store.ts';
import { ThrottleMetrics } from './metrics.ts';
import { Debts } from './redis/debts.ts';
import { LocalShare } from './redis/local-share.ts';
import { RedisThrottleStore } from './redis/redis-throttle.store.ts';
import { getOptionsToken, getStorageToken } from './stock-throttler.ts';
import { ThrottlePlanner } from './throttle-plan.ts';
import { ThrottleStage } from './throttle.stage.ts';
import { ThrottleStore } from './throttle.store.ts';
import { MODULE_OPTIONS_TOKEN, type ThrottlingOptions } from './throttling.module-definition.ts';

const optional = (token: typeof Clock | typeof Registry | typeof RedisConnection) => ({
  token,
  optional: true,
});

export const throttlingProviders: Provider[] = [
  EndpointLimits,
  LimitsCheck,
  {
    provide: MemoryThrottleStore,
    inject: [MODULE_OPTIONS_TOKEN, optional(Clock)],
    useFactory: ({ maxKeys = 1_000_000 }: ThrottlingOptions, clock: Clock = systemClock) =>
      new MemoryThrottleStore(clock, { maxKeys }),
  },
  {
    provide: ThrottleStore,
    inject: [MemoryThrottleStore, optional(RedisConnection), optional(Clock)],
    useFactory: (memory: MemoryThrottleStore, connection?: RedisConnection, clock: Clock = systemClock) =>
      connection === undefined ? memory : sharedStore(connection, memory, clock),
  },
  {
    provide: ThrottleMetrics,
    inject: [optional(Registry)],
    useFactory: (registry?: Registry) => (registry === undefined ? undefined : new ThrottleMetrics(registry)),
  },
  {
    provide: ThrottlePlanner,
    inject: [MODULE_OPTIONS_TOKEN],
    useFactory: ({ tiers }: ThrottlingOptions) => new ThrottlePlanner(tiers),
  },
  {
    provide: ThrottleStage,
    inject: [MODULE_OPTIONS_TOKEN, ThrottlePlanner, ThrottleStore, ThrottleMetrics],
    useFactory: (
      { legacyFields = false }: ThrottlingOptions,
      planner: ThrottlePlanner,
      store: ThrottleStore,
      metrics?: ThrottleMetrics,
    ) => new ThrottleStage({ planner, store, metrics, legacyFields }),
  },
  { provide: getOptionsToken(), useValue: { throttlers: [] } },
  {
    provide: getStorageToken(),
    inject: [ThrottleStore],
    useFactory: (store: ThrottleStore) => new BucketThrottlerStorage(store),
  },
];

/** Redis decides while it answers; this process's share of each limit while it does not. */
function sharedStore(connection: RedisConnection, memory: MemoryThrottleStore, clock: Clock): ThrottleStore {
  const debts = new Debts(clock);
  const local = new LocalShare({ memory, instances: () => connection.instances, debts });
  return new RedisThrottleStore({ connection, local });
}
