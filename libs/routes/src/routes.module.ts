import { METHODS } from 'node:http';
import { HttpCache } from '@facet/caching';
import { Clock, type Stage } from '@facet/context';
import { GatewayLog, HealthChecks, ManagementRoutes } from '@facet/management';
import { Upstreams } from '@facet/upstream';
import { Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost, ModuleRef } from '@nestjs/core';
import { type FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { routeListing } from './listing/route-listing.ts';
import { RouteMetrics } from './metrics.ts';
import { FileWatch } from './reload/file-watch.ts';
import { LeavingUpstreams } from './reload/leaving-upstreams.ts';
import { LiveRoutes } from './reload/live-routes.ts';
import { RouteLoader } from './route-loader.ts';
import { ConfigurableModuleClass, ROUTES_OPTIONS, type RoutesOptions } from './routes.module-definition.ts';
import { Endpoints } from './serving/endpoints.ts';
import { routeDecoration, RouteServer } from './serving/route-server.ts';

/** Received by Fastify at all; TRACE and CONNECT are refused before. */
const methods = METHODS.filter((method) => method !== 'CONNECT' && method !== 'TRACE');

/** What no endpoint takes; Fastify asks it last. */
const everyPath = '/*';

/**
 * Serves declared routes beside the controllers, which win over them. Needs `Upstreams`, `HttpCache`, `Clock`,
 * `GatewayLog`, `HealthChecks`, `ManagementRoutes` and prom-client's `Registry` from the application.
 * Without a file and without routes nothing is mounted.
 */
@Module({})
export class RoutesModule extends ConfigurableModuleClass implements OnModuleInit, OnApplicationShutdown {
  readonly #endpoints = new Endpoints();
  #watch: FileWatch | undefined;
  #leaving: LeavingUpstreams | undefined;

  constructor(
    @Inject(ROUTES_OPTIONS) private readonly options: RoutesOptions,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(ModuleRef) private readonly modules: ModuleRef,
    @Inject(Upstreams) private readonly upstreams: Upstreams,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(GatewayLog) private readonly log: GatewayLog,
    @Inject(Registry) private readonly registry: Registry,
  ) {
    super();
    // Before the controllers are registered, so that all of them are seen.
    this.#fastify.addHook('onRoute', ({ method, url }) => {
      if (url !== everyPath) this.#endpoints.add([method].flat(), url);
    });
  }

  /** @throws `RouteFaults` listing every fault: the gateway does not start */
  onModuleInit(): void {
    const { file, routes = [] } = this.options;
    if (file === undefined && routes.length === 0) return;
    const loader = new RouteLoader(this.options, this.upstreams, this.#endpoints);
    const text = file === undefined ? undefined : loader.readFile(file);
    const live = new LiveRoutes(loader.load(text), this.log, new RouteMetrics(this.registry));
    live.addHealth(this.#get(HealthChecks));
    this.#get(ManagementRoutes).add('GET', '/routes', () => ({
      contentType: 'text/plain; charset=utf-8',
      body: routeListing(live.table),
    }));
    if (file !== undefined && text !== undefined) {
      const leaving = new LeavingUpstreams(this.upstreams, loader.adHocUpstreams, this.clock);
      this.#leaving = leaving;
      this.#watch = new FileWatch(file, text, this.clock, (changed) => {
        live.reload(file, () => loader.load(changed ?? loader.readFile(file)));
        leaving.keepFor(live.table);
      });
    }
    this.#mount(live);
  }

  onApplicationShutdown(): void {
    this.#watch?.close();
    this.#leaving?.close();
  }

  #mount(live: LiveRoutes): void {
    const server = new RouteServer({
      live,
      stages: this.options.stages.map((token) => this.#get<Stage>(token)),
      upstreams: this.upstreams,
      cache: this.#get(HttpCache),
      clock: this.clock,
      endpoints: this.#endpoints,
    });
    const fastify = this.#fastify;
    fastify.decorateRequest(routeDecoration);
    for (const method of methods) {
      if (!fastify.supportedMethods.includes(method)) fastify.addHttpMethod(method, { hasBody: true });
    }
    fastify.route({
      method: methods,
      url: everyPath,
      config: { facet: server.policyOf },
      onRequest: (request, reply, done) => server.serve(request, reply, done),
      handler: () => undefined,
    });
  }

  get #fastify(): FastifyInstance {
    return this.host.httpAdapter.getInstance<FastifyInstance>();
  }

  #get<T>(token: abstract new (...parts: never[]) => T): T {
    return this.modules.get<T>(token as never, { strict: false });
  }
}
