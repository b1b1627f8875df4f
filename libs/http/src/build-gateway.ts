import { type Server as HttpsServer } from 'node:https';
import { type Socket } from 'node:net';
import { type GatewayConfig } from '@facet/config';
import { type Clock } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { GatewayLog, HealthChecks, ManagementRoutes } from '@facet/management';
import { type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { GatewayParts } from './gateway-parts.ts';
import { addArrivalHook, contextOf } from './hooks/arrival.hook.ts';
import { addBodyHooks } from './hooks/body.hook.ts';
import { addReplyHook } from './hooks/reply.hook.ts';
import { addRouteHook } from './hooks/route.hook.ts';
import { Http2Front } from './http2/http2-front.ts';
import { addHealthRoutes, addPublicHealth } from './management/health.routes.ts';
import { ManagementHosts } from './management/management-hosts.ts';
import { ManagementServer } from './management/management-server.ts';
import { NestLog } from './nest-log.ts';
import { OverdueRequests } from './overload/overdue.ts';
import { Pressure } from './overload/pressure.ts';
import { type Traffic } from './overload/traffic.ts';
import { ProblemFilter } from './problem/problem.filter.ts';
import { clientErrorHandler, refuseBadConnections } from './server/connection-refusals.ts';
import { createFastify } from './server/fastify-server.ts';
import { GatewayAdapter } from './server/gateway-adapter.ts';
import { IdleLimit } from './server/idle-limit.ts';
import { defaultServerLimits, type ServerLimits } from './server/server-limits.ts';
import { reloadTls, tlsMaterial } from './server/tls.ts';
import { VersionPaths } from './versions/version-paths.ts';

/** The root module of an app. */
export interface GatewayModule {
  register(config: GatewayConfig): DynamicModule;
}

export interface GatewayOptions {
  readonly limits?: Partial<ServerLimits>;
}

export interface BuiltGateway {
  readonly app: NestFastifyApplication;
  readonly instance: FastifyInstance;
  readonly http2: Http2Front | undefined;
  readonly management: ManagementServer;
  readonly traffic: Traffic;
  readonly clock: Clock;
}

/** Puts a gateway together, short of listening: the server, the app in it, and the hooks in the order of a request. */
export async function buildGateway(
  AppModule: GatewayModule,
  config: GatewayConfig,
  options: GatewayOptions,
): Promise<BuiltGateway> {
  const limits = { ...defaultServerLimits, ...options.limits };
  const versionPaths = new VersionPaths(config.prefix);
  const late: LateParts = {};
  const instance = createFastify({
    bodyLimitBytes: config.server.bodyLimitBytes,
    limits,
    versionPaths,
    tls: config.server.tls && tlsMaterial(config.server.tls),
    http2: config.server.http2,
    onClientError: (error, socket) => late.onClientError?.(error, socket),
    onFrameworkError: (error, request, reply) => late.onFrameworkError?.(error, request, reply),
  });
  const app = await createApp(AppModule, config, instance);
  const parts = new GatewayParts(app, config);
  late.onClientError = clientErrorHandler(parts.clock, parts.onRefusal);
  late.onFrameworkError = (error, request, reply) => {
    request.facet = contextOf(request, reply, parts);
    parts.problems.send(error, request, reply);
  };
  addHooks(instance, parts, versionPaths, config.prefix);
  app.useGlobalFilters(new ProblemFilter(parts.problems));
  const routes = app.get(ManagementRoutes, { strict: false });
  addHealthRoutes(routes, app.get(HealthChecks, { strict: false }), parts.traffic);
  addPublicHealth(instance, parts.traffic);
  parts.door.guard(instance.server);
  refuseBadConnections(instance.server, {
    ...parts,
    maxConnectionsPerAddress: limits.maxConnectionsPerAddress,
  });
  watch(instance, app, parts, limits, config);
  return {
    app,
    instance,
    http2: http2Front(instance, parts, limits, config),
    management: new ManagementServer(routes, new ManagementHosts(config.server.managementHosts)),
    traffic: parts.traffic,
    clock: parts.clock,
  };
}

/** Needed by the server before the app exists. */
interface LateParts {
  onClientError?: (error: Error, socket: Socket) => void;
  onFrameworkError?: (error: Error, request: FastifyRequest, reply: FastifyReply) => void;
}

async function createApp(
  AppModule: GatewayModule,
  config: GatewayConfig,
  instance: FastifyInstance,
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.register(config),
    new GatewayAdapter(instance),
    { bodyParser: false, bufferLogs: true, abortOnError: false },
  );
  app.useLogger(new NestLog(app.get(GatewayLog, { strict: false })));
  app.setGlobalPrefix(config.prefix);
  return app;
}

/** HTTP/2 is spoken over TLS only. */
function http2Front(
  { server }: FastifyInstance,
  parts: GatewayParts,
  limits: ServerLimits,
  { server: { tls, http2 } }: GatewayConfig,
): Http2Front | undefined {
  if (tls === undefined || !http2) return undefined;
  return new Http2Front(server as unknown as HttpsServer, { ...parts, limits });
}

/** What runs beside the requests until the instance closes. */
function watch(
  instance: FastifyInstance,
  app: NestFastifyApplication,
  { problems, traffic, clock, log }: GatewayParts,
  { idleTimeoutMs }: ServerLimits,
  { server }: GatewayConfig,
): void {
  const pressure = app.get(Pressure, { strict: false });
  const overdue = new OverdueRequests(traffic, clock, (late, error) => {
    late.answerWith((request, reply) => problems.send(error, request, reply));
  });
  const idle = new IdleLimit(traffic, idleTimeoutMs);
  pressure.start();
  overdue.start();
  idle.start();
  const tls = server.tls && reloadTls(instance.server as unknown as HttpsServer, server.tls, log);
  instance.addHook('onClose', (_instance, done) => {
    pressure.stop();
    overdue.stop();
    idle.stop();
    tls?.stop();
    done();
  });
}

function addHooks(
  instance: FastifyInstance,
  parts: GatewayParts,
  versionPaths: VersionPaths,
  prefix: string,
): void {
  const { problems } = parts;
  addArrivalHook(instance, parts);
  addRouteHook(instance, { ...parts, versionPaths, prefix });
  addBodyHooks(instance, problems, parts.clock);
  addReplyHook(instance, parts.cors, parts.traffic);
  instance.setErrorHandler((error, request, reply) => problems.send(error, request, reply));
  instance.setNotFoundHandler((request, reply) =>
    problems.send(new GatewayError('not_found'), request, reply),
  );
}
