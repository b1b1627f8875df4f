import { lookup } from 'node:dns/promises';
import { type GatewayConfig } from '@facet/config';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type BuiltGateway, buildGateway, type GatewayModule, type GatewayOptions } from './build-gateway.ts';
import { drained } from './server/drain.ts';

/** A gateway that listens. */
export interface Gateway {
  readonly app: NestFastifyApplication;
  /** `http://127.0.0.1:3001` */
  readonly url: string;
  readonly managementUrl: string;
  /** Leaves without dropping anything: unready, wait, `Connection: close`, in-flight requests, then everything else. */
  drain(): Promise<void>;
  /** Stops at once. */
  close(): Promise<void>;
}

/** Builds and starts a gateway in this process; signals and exit codes are `bootstrapGateway`'s. */
export async function createGateway(
  AppModule: GatewayModule,
  config: GatewayConfig,
  options: GatewayOptions = {},
): Promise<Gateway> {
  const built = await buildGateway(AppModule, config, options);
  const { app, instance, http2, traffic, clock } = built;
  try {
    const managementUrl = await listen(built, config);
    return {
      app,
      url: instance.listeningOrigin,
      managementUrl,
      drain: async () => {
        await drained(instance.server, http2, traffic, clock, config.server);
        await stop(built);
      },
      close: () => stop(built),
    };
  } catch (error) {
    await stop(built);
    throw error;
  }
}

async function listen({ app, management }: BuiltGateway, { server }: GatewayConfig): Promise<string> {
  // For the name `localhost` Fastify would open a second server, which knows nothing of our limits and of HTTP/2.
  const host = server.host === 'localhost' ? (await lookup(server.host)).address : server.host;
  await app.listen({ port: server.port, host });
  return management.listen(server.managementPort, server.managementHost);
}

async function stop({ app, instance, http2, management }: BuiltGateway): Promise<void> {
  http2?.stop();
  instance.server.closeAllConnections();
  await app.close();
  await management.close();
}
