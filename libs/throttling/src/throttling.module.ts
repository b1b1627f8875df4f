import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { DiscoveryModule, HttpAdapterHost } from '@nestjs/core';
import { type FastifyInstance } from 'fastify';
import { EndpointLimits } from './endpoint-limits.ts';
import { MemoryThrottleStore } from './memory/memory-throttle.store.ts';
import { ThrottleMetrics } from './metrics.ts';
import { RefusalBucket } from './refusal-bucket.ts';
import { addRefusalHooks } from './refusal.hooks.ts';
import { getOptionsToken, getStorageToken } from './stock-throttler.ts';
import { ThrottleStage } from './throttle.stage.ts';
import { ThrottleStore } from './throttle.store.ts';
import {
  ConfigurableModuleClass,
  MODULE_OPTIONS_TOKEN,
  type ThrottlingOptions,
} from './throttling.module-definition.ts';
import { throttlingProviders } from './throttling.providers.ts';

/**
 * Limits by tier and by endpoint, for the whole app (global). `ThrottlingModule.register({ tiers })`; the guard is
 * registered by the app, where its place in the request order is seen.
 */
@Module({
  imports: [DiscoveryModule],
  providers: throttlingProviders,
  exports: [ThrottleStage, ThrottleStore, EndpointLimits, getOptionsToken(), getStorageToken()],
})
export class ThrottlingModule extends ConfigurableModuleClass implements OnModuleInit {
  constructor(
    @Inject(MODULE_OPTIONS_TOKEN) private readonly options: ThrottlingOptions,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(MemoryThrottleStore) private readonly memory: MemoryThrottleStore,
    @Inject(ThrottleMetrics) private readonly metrics: ThrottleMetrics | undefined,
  ) {
    super();
  }

  onModuleInit(): void {
    const { refusals } = this.options;
    if (refusals === 'off' || this.host.httpAdapter?.getType() !== 'fastify') return;
    const server = this.host.httpAdapter.getInstance<FastifyInstance>();
    addRefusalHooks(server, new RefusalBucket(this.memory, refusals), this.metrics);
  }
}
