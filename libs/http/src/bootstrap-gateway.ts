import { type GatewayConfig } from '@facet/config';
import { GatewayLog } from '@facet/management';
import { type GatewayModule, type GatewayOptions } from './build-gateway.ts';
import { keepTickShape } from './server/keep-tick-shape.ts';
import { releaseStartMemory } from './server/release-start-memory.ts';
import { tuneV8ForStart, tuneV8ForTraffic } from './server/tune-v8.ts';
import { createGateway, type Gateway } from './create-gateway.ts';
import { startFaults } from './start-faults.ts';

/**
 * Runs a gateway as this process: reads its config, starts, says where it listens, and leaves on SIGTERM or SIGINT
 * without dropping a request. A second signal ends it at once. Config faults are written to stderr, one a line, and
 * the exit code is 1.
 */
export async function bootstrapGateway(
  AppModule: GatewayModule,
  readConfig: () => GatewayConfig,
  options: GatewayOptions = {},
): Promise<void> {
  tuneV8ForStart();
  keepTickShape();
  let gateway: Gateway;
  let config: GatewayConfig;
  try {
    config = readConfig();
    gateway = await createGateway(AppModule, config, options);
  } catch (error) {
    process.stderr.write(`${startFaults(error).join('\n')}\n`);
    process.exit(1);
  }
  releaseStartMemory();
  tuneV8ForTraffic();
  const log = gateway.app.get(GatewayLog, { strict: false });
  const { url, managementUrl } = gateway;
  log.info('ready', { url: url + config.prefix, managementUrl });
  if (config.environment === 'development' || process.stderr.isTTY) {
    process.stderr.write(`${config.name} is ready at ${url}${config.prefix} (management ${managementUrl})\n`);
  }
  leaveOnSignal(gateway, log);
  exitOnFault(log);
}

function leaveOnSignal(gateway: Gateway, log: GatewayLog): void {
  let isLeaving = false;
  const leave = (signal: NodeJS.Signals): void => {
    if (isLeaving) process.exit(1);
    isLeaving = true;
    log.info('leaving', { name: signal });
    gateway.drain().then(
      () => process.exit(0),
      (error: unknown) => {
        log.write('fatal', 'did not leave in order', { error });
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', leave);
  process.on('SIGINT', leave);
}

/** State is unknown after these: the balancer and the supervisor do better than we could. */
function exitOnFault(log: GatewayLog): void {
  const exit = (event: string) => (error: unknown) => {
    log.write('fatal', event, { error });
    process.exitCode = 1;
    setImmediate(() => process.exit(1));
  };
  process.on('uncaughtException', exit('uncaught exception'));
  process.on('unhandledRejection', exit('unhandled rejection'));
}
