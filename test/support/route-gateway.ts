import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccessStage, AuthModule, AuthStage } from '@facet/auth';
import { CachingModule } from '@facet/caching';
import { type GatewayConfig } from '@facet/config';
import { type Clock } from '@facet/context';
import {
  createGateway,
  type Gateway,
  HttpModule,
  LoadStage,
  type OverloadLimits,
  type ServerLimits,
} from '@facet/http';
import { ObservabilityModule } from '@facet/observability';
import { type RouteDeclaration, RoutesModule } from '@facet/routes';
import { ThrottleStage, ThrottlingModule } from '@facet/throttling';
import { type UpstreamDefinition, UpstreamModule } from '@facet/upstream';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { SignJWT } from 'jose';
import { testGatewayConfig } from '@facet/testing/http';

export interface RouteGatewayOptions {
  /** Content of the `ROUTES_FILE`; absent: none. */
  readonly file?: string;
  readonly routes?: readonly RouteDeclaration[];
  readonly upstreams?: readonly UpstreamDefinition[];
  readonly values?: Readonly<Record<string, string>>;
  readonly controllers?: readonly Type[];
  readonly config?: Parameters<typeof testGatewayConfig>[0];
  readonly clock?: Clock;
  readonly limits?: Partial<ServerLimits>;
  readonly overload?: Partial<OverloadLimits>;
}

const secret = 'a secret of tests, long enough for HS256';

/** A whole gateway in this process, with the real stages, that serves declared routes. */
export class RouteGateway implements AsyncDisposable {
  readonly #gateway: Gateway;
  readonly #directory: string;
  readonly #config: GatewayConfig;
  /** Every line of the log, parsed. */
  readonly log: readonly Readonly<Record<string, unknown>>[];

  private constructor(
    gateway: Gateway,
    directory: string,
    config: GatewayConfig,
    log: readonly Readonly<Record<string, unknown>>[],
  ) {
    this.#gateway = gateway;
    this.#directory = directory;
    this.#config = config;
    this.log = log;
  }

  static async start(options: RouteGatewayOptions): Promise<RouteGateway> {
    const directory = mkdtempSync(join(tmpdir(), 'facet-routes-'));
    const file = join(directory, 'routes.yaml');
    if (options.file !== undefined) writeFileSync(file, options.file);
    const config = testGatewayConfig({
      ...options.config,
      ...(options.file === undefined ? {} : { routesFile: file }),
      jwt: {
        issuer: 'https://issuer.test',
        audience: 'facet',
        algorithms: ['HS256'],
        keys: { secret },
        leewaySeconds: 5,
      },
    });
    const log: Record<string, unknown>[] = [];
    try {
      const gateway = await createGateway(moduleOf(options, log), config, {
        ...(options.limits ? { limits: options.limits } : {}),
      });
      return new RouteGateway(gateway, directory, config, log);
    } catch (error) {
      rmSync(directory, { recursive: true });
      throw error;
    }
  }

  /** `http://127.0.0.1:<port>` */
  get url(): string {
    return this.#gateway.url;
  }

  get managementUrl(): string {
    return this.#gateway.managementUrl;
  }

  /** What the application provides under a token. */
  get<T>(token: abstract new (...parts: never[]) => T): T {
    return this.#gateway.app.get<T>(token as never, { strict: false });
  }

  /** Replaces the `ROUTES_FILE`, by writing over it or by renaming another over it. */
  replaceFile(text: string, by: 'write' | 'rename' = 'write'): void {
    const file = this.#config.routesFile ?? '';
    const target = by === 'write' ? file : `${file}.new`;
    writeFileSync(target, text);
    if (by === 'rename') renameSync(target, file);
  }

  /** An access token for claims. */
  async token(claims: Readonly<Record<string, unknown>> = {}): Promise<string> {
    return await new SignJWT({ tier: 'premium', scope: '', roles: [], ...claims })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .setIssuer('https://issuer.test')
      .setAudience('facet')
      .setSubject(String(claims['sub'] ?? 'usr_1'))
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode(secret));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#gateway.close();
    rmSync(this.#directory, { recursive: true });
  }
}

function moduleOf(options: RouteGatewayOptions, log: Record<string, unknown>[]) {
  @Module({})
  class TestGatewayModule {
    static register(config: GatewayConfig): DynamicModule {
      return {
        module: TestGatewayModule,
        imports: [
          // A clock that a test moves looks like an event loop that stood still.
          HttpModule.register(
            config,
            options.clock
              ? { clock: options.clock, overload: options.overload ?? { maxEventLoopDelayMs: Infinity } }
              : {},
          ),
          ObservabilityModule.register({
            gateway: config.name,
            logLevel: 'info',
            sink: {
              dropped: 0,
              write: (line) => void log.push(JSON.parse(line.toString()) as Record<string, unknown>),
            },
          }),
          AuthModule.register({ jwt: config.jwt, apiKeys: config.apiKeys }),
          ThrottlingModule.register({ tiers: config.tiers }),
          UpstreamModule.register({ gateway: config.name, definitions: options.upstreams ?? [] }),
          CachingModule.register({ gateway: config.name }),
          RoutesModule.register({
            prefix: config.prefix,
            file: config.routesFile,
            routes: options.routes ?? [],
            stages: [AuthStage, LoadStage, ThrottleStage, AccessStage],
            bodyLimitBytes: config.server.bodyLimitBytes,
            values: options.values ?? {},
          }),
        ],
        controllers: [...(options.controllers ?? [])],
      };
    }
  }
  return TestGatewayModule;
}
