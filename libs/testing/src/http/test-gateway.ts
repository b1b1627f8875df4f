import { type GatewayConfig } from '@facet/config';
import { type Clock } from '@facet/context';
import { GatewayLog } from '@facet/management';
import { type DynamicModule, type Type } from '@nestjs/common';
import { Registry } from 'prom-client';
import { RecordingLog } from './recording-log.ts';
import { testGatewayConfig } from './test-gateway-config.ts';

/** The parts of `@facet/http` that are under test; handed over, as this lib can't import what imports it. */
export interface HttpUnderTest<Gateway, Options> {
  createGateway(
    AppModule: { register(config: GatewayConfig): DynamicModule },
    config: GatewayConfig,
    options?: Options,
  ): Promise<Gateway>;
  HttpModule: { register(config: GatewayConfig, overrides?: { clock?: Clock }): DynamicModule };
}

export interface TestGateway<Gateway> {
  readonly gateway: Gateway;
  readonly log: RecordingLog;
  readonly registry: Registry;
}

/** Starts a gateway on free ports with these controllers and nothing around them: no guards, no upstreams. */
export async function startTestGateway<Gateway, Options>(
  http: HttpUnderTest<Gateway, Options>,
  controllers: Type[],
  options: {
    readonly config?: Parameters<typeof testGatewayConfig>[0];
    readonly gateway?: Options;
    readonly clock?: Clock;
    readonly imports?: DynamicModule[];
  } = {},
): Promise<TestGateway<Gateway>> {
  const log = new RecordingLog();
  const registry = new Registry();
  class TestModule {
    static register(config: GatewayConfig): DynamicModule {
      const overrides = options.clock ? { clock: options.clock } : {};
      return {
        module: TestModule,
        global: true,
        imports: [http.HttpModule.register(config, overrides), ...(options.imports ?? [])],
        controllers,
        providers: [
          { provide: GatewayLog, useValue: log },
          { provide: Registry, useValue: registry },
        ],
        exports: [GatewayLog, Registry],
      };
    }
  }
  const gateway = await http.createGateway(TestModule, testGatewayConfig(options.config), options.gateway);
  return { gateway, log, registry };
}
