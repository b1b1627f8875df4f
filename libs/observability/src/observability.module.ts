import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type LogLevel } from '@facet/config';
import { Clock } from '@facet/context';
import { GatewayLog, ManagementRoutes } from '@facet/management';
import { type FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { AccessLog } from './access/access-log.ts';
import { RequestObserver } from './access/request-observer.ts';
import { JsonLog, logLevels } from './log/json-log.ts';
import { DescriptorSink, type LineSink } from './log/line-sink.ts';
import { RequestMetrics } from './metrics/request-metrics.ts';
import { addRuntimeMetrics } from './metrics/runtime-metrics.ts';

export interface ObservabilityOptions {
  /** The gateway's name, in every line and series. */
  readonly gateway: string;
  readonly logLevel: LogLevel;
  /** Default stdout. */
  readonly sink?: LineSink;
}

const optionsToken = Symbol('ObservabilityOptions');
const sinkToken = Symbol('LineSink');

/** Logs to stdout, metrics to the management port; global, so that any lib may ask for `GatewayLog` and `Registry`. */
@Module({})
export class ObservabilityModule implements OnModuleInit, OnApplicationShutdown {
  static register(options: ObservabilityOptions): DynamicModule {
    return {
      module: ObservabilityModule,
      global: true,
      providers: [
        { provide: optionsToken, useValue: options },
        { provide: sinkToken, useFactory: () => options.sink ?? new DescriptorSink() },
        { provide: Registry, useValue: new Registry() },
        {
          provide: GatewayLog,
          useFactory: (sink: LineSink, clock: Clock) =>
            new JsonLog(sink, clock, { gateway: options.gateway, level: options.logLevel }),
          inject: [sinkToken, Clock],
        },
      ],
      exports: [Registry, GatewayLog],
    };
  }

  readonly #options: ObservabilityOptions;
  readonly #sink: LineSink;
  readonly #clock: Clock;
  readonly #registry: Registry;
  readonly #routes: ManagementRoutes;
  readonly #adapterHost: HttpAdapterHost;

  constructor(
    @Inject(optionsToken) options: ObservabilityOptions,
    @Inject(sinkToken) sink: LineSink,
    clock: Clock,
    registry: Registry,
    routes: ManagementRoutes,
    adapterHost: HttpAdapterHost,
  ) {
    this.#options = options;
    this.#sink = sink;
    this.#clock = clock;
    this.#registry = registry;
    this.#routes = routes;
    this.#adapterHost = adapterHost;
  }

  onModuleInit(): void {
    const { gateway, logLevel } = this.#options;
    addRuntimeMetrics(this.#registry, this.#sink);
    this.#routes.add('GET', '/metrics', async () => ({
      contentType: this.#registry.contentType,
      body: await this.#registry.metrics(),
    }));
    const isLogged = logLevels[logLevel] <= logLevels.info;
    const log = isLogged ? new AccessLog(this.#sink, this.#clock, gateway) : undefined;
    const observer = new RequestObserver(this.#clock, new RequestMetrics(this.#registry, gateway), log);
    observer.observe(this.#adapterHost.httpAdapter.getInstance<FastifyInstance>());
    if (this.#sink instanceof DescriptorSink) process.once('exit', this.#closeSink);
  }

  async onApplicationShutdown(): Promise<void> {
    process.off('exit', this.#closeSink);
    if (this.#sink instanceof DescriptorSink) await this.#sink.settled();
    this.#closeSink();
  }

  readonly #closeSink = (): void => {
    if (this.#sink instanceof DescriptorSink) this.#sink.close();
  };
}
