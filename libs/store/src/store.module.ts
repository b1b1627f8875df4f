import { Clock, systemClock } from '@facet/context';
import { GatewayLog, HealthChecks } from '@facet/management';
import { type DynamicModule, Module } from '@nestjs/common';
import { Registry } from 'prom-client';
import { StoreMetrics } from './metrics.ts';
import { RedisConnection } from './redis-connection.ts';

export interface StoreOptions {
  /** Absent: state lives in each process, nothing is loaded and `RedisConnection` is not provided. */
  readonly redisUrl?: string | undefined;
  /** Name of the gateway: its instances share state, others do not. */
  readonly gateway: string;
  /** What one command may take. Default 50 ms. */
  readonly budgetMs?: number | undefined;
}

/** The shared store of a gateway (global). Inject `RedisConnection` as optional: who has none keeps to memory. */
@Module({})
export class StoreModule {
  static register({ redisUrl, gateway, budgetMs }: StoreOptions): DynamicModule {
    if (redisUrl === undefined) return { module: StoreModule };
    return {
      module: StoreModule,
      global: true,
      providers: [
        {
          provide: RedisConnection,
          inject: [Clock, GatewayLog, Registry, HealthChecks].map((token) => ({ token, optional: true })),
          useFactory: async (
            clock: Clock = systemClock,
            log?: GatewayLog,
            registry?: Registry,
            health?: HealthChecks,
          ) => {
            const metrics = registry === undefined ? undefined : new StoreMetrics(registry);
            const parts = { url: redisUrl, gateway, clock, log, metrics, budgetMs };
            const connection = await RedisConnection.open(parts);
            health?.addReadiness('store', () => connection.health());
            health?.addDependency('store', () => connection.health());
            return connection;
          },
        },
      ],
      exports: [RedisConnection],
    };
  }
}
