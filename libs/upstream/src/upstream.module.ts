import { type DynamicModule, type FactoryProvider, Module } from '@nestjs/common';
import { type HttpService } from '@nestjs/axios';
import { Clock, systemClock } from '@facet/context';
import { GatewayLog, HealthChecks, ManagementRoutes } from '@facet/management';
import { FailureJudge, StandardFailureJudge } from '@facet/resilience';
import { Registry } from 'prom-client';
import { addBreakerRoutes } from './breaker-routes.ts';
import { UpstreamMetrics } from './metrics.ts';
import { TransportFactory, SocketTransportFactory } from './transport-factory.ts';
import { type Transport } from './transport/transport.ts';
import { UpstreamHttp, upstreamHttp } from './upstream-http.ts';
import { type UpstreamSettings, upstreamSettings } from './upstream-settings.ts';
import { ConfigurableModuleClass, type UpstreamModuleOptions } from './upstream.module-definition.ts';
import { Upstreams } from './upstreams.ts';

/** Everything an app calls, declared once: provides `Upstreams` and, per upstream, its `HttpService`. Global. */
@Module({})
export class UpstreamModule extends ConfigurableModuleClass {
  /** Throws with every fault of the definitions, one on each line. */
  static override register(options: UpstreamModuleOptions): DynamicModule {
    const settings = upstreamSettings(options.definitions);
    const base = super.register(options);
    return {
      ...base,
      global: true,
      providers: [
        ...(base.providers ?? []),
        { provide: TransportFactory, useClass: options.transports ?? SocketTransportFactory },
        { provide: FailureJudge, useClass: options.judge ?? StandardFailureJudge },
        ...settings.flatMap(connection),
        upstreams(options, settings),
      ],
      exports: [Upstreams, ...settings.map(({ name }) => upstreamHttp(name))],
    };
  }
}

function transportOf(name: string): string {
  return `UPSTREAM_TRANSPORT:${name}`;
}

function connection(settings: UpstreamSettings): FactoryProvider[] {
  const { name } = settings;
  return [
    {
      provide: transportOf(name),
      useFactory: (factory: TransportFactory) => factory.create(settings),
      inject: [TransportFactory],
    },
    {
      provide: upstreamHttp(name),
      useFactory: (transport: Transport) => new UpstreamHttp(settings, transport),
      inject: [transportOf(name)],
    },
  ];
}

function upstreams(
  { gateway, cache }: UpstreamModuleOptions,
  settings: readonly UpstreamSettings[],
): FactoryProvider {
  return {
    provide: Upstreams,
    useFactory: (
      judge: FailureJudge,
      transports: TransportFactory,
      clock: Clock | undefined,
      registry: Registry | undefined,
      health: HealthChecks | undefined,
      log: GatewayLog | undefined,
      routes: ManagementRoutes | undefined,
      ...connections: (Transport | HttpService)[]
    ) => {
      const metrics = registry && new UpstreamMetrics(registry);
      const all = new Upstreams({
        gateway,
        clock: clock ?? systemClock,
        judge,
        transports,
        metrics,
        health,
        log,
        cache,
      });
      for (const [index, one] of settings.entries()) {
        all.open(one, connections[2 * index] as Transport, connections[2 * index + 1] as HttpService);
      }
      if (routes) addBreakerRoutes(routes, all);
      return all;
    },
    inject: [
      FailureJudge,
      TransportFactory,
      ...[Clock, Registry, HealthChecks, GatewayLog, ManagementRoutes].map((token) => ({
        token,
        optional: true,
      })),
      ...settings.flatMap(({ name }) => [transportOf(name), upstreamHttp(name)]),
    ],
  };
}
