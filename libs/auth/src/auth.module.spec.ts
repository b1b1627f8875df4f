import { hash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Clock, type RequestWithContext } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { HealthChecks } from '@facet/management';
import { FakeClock, testContext } from '@facet/testing';
import { TestIssuer, testKey } from '@facet/testing/auth';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  Module,
  Req,
  type Type,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { AuthGuard as PassportGuard } from '@nestjs/passport';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Registry } from 'prom-client';
import {
  AcceptCredentials,
  AccessGuard,
  Authenticated,
  Authenticator,
  AuthGuard,
  AuthModule,
  type AuthOptions,
  BearerAuthenticator,
  notMine,
  Public,
  RequireRoles,
  RequireScopes,
  TierResolver,
  type Verdict,
} from './index.ts';

const key = 'fk_live_paid_0123456789abcdef';

@Controller()
class Endpoints {
  @Get('public')
  @Public()
  open(@Req() request: RequestWithContext) {
    return request.facet.principal;
  }
  @Get('login')
  @Public({ credentials: 'ignore' })
  login(@Req() request: RequestWithContext) {
    return request.facet.principal;
  }
  @Get('user')
  @Authenticated()
  user(@Req() request: RequestWithContext) {
    return request.facet.principal;
  }
  @Get('orders')
  @RequireScopes('orders:read')
  orders(@Req() request: RequestWithContext) {
    return request.facet.principal;
  }
  @Get('refunds')
  @RequireScopes('refunds:write')
  refunds() {
    return 'never';
  }
  @Get('admin')
  @RequireRoles('admin')
  admin() {
    return 'never';
  }
  @Get('charge')
  @AcceptCredentials('apiKey')
  charge(@Req() request: RequestWithContext) {
    return request.facet.principal;
  }
  @Get('passport')
  @Public({ credentials: 'ignore' })
  @UseGuards(PassportGuard('jwt'))
  passport(@Req() request: { user: unknown }) {
    return request.user;
  }
}

@Controller('forgotten')
class Forgotten {
  @Get()
  list() {
    return 'never';
  }
  @Get(':id')
  one() {
    return 'never';
  }
  helper() {
    return 'no endpoint';
  }
}

/** Stands in for libs/http: what the client is told. */
@Catch()
class PlainFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const reason = error instanceof UnauthorizedException ? 'unauthenticated' : 'internal_error';
    const known = error instanceof GatewayError ? error : new GatewayError(reason, { cause: error });
    const reply = host.switchToHttp().getResponse<{
      status(code: number): { headers(fields: object): { send(body: unknown): void } };
    }>();
    reply
      .status(known.status)
      .headers(known.options.headers ?? {})
      .send({ reason: known.reason, detail: known.options.detail });
  }
}

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function serveJwks(issuer: TestIssuer): Promise<{ url: string; stop(): void }> {
  const server: Server = createServer((_, response) => response.end(JSON.stringify(issuer.jwks())));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = (): void => {
    server.closeAllConnections();
    server.close();
  };
  open.push(stop);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, stop };
}

interface Setting {
  controllers?: Type[];
  issuerDown?: boolean;
  module?: Partial<Parameters<typeof AuthModule.register>[0]>;
}

async function start({ controllers = [Endpoints], issuerDown = false, module = {} }: Setting = {}) {
  const clock = new FakeClock();
  const issuer = new TestIssuer(clock);
  const jwks = await serveJwks(issuer);
  if (issuerDown) jwks.stop();
  const options: AuthOptions = {
    jwt: {
      issuer: issuer.issuer,
      audience: issuer.audience,
      algorithms: ['ES256'],
      keys: { jwksUrl: jwks.url },
      leewaySeconds: 5,
    },
    apiKeys: {
      entries: [
        { id: 'k1', sha256: hash('sha256', key), subject: 'shop', tier: 'paid', scopes: ['orders:read'] },
      ],
    },
  };
  const globals = [
    { provide: Clock, useValue: clock },
    { provide: HealthChecks, useValue: new HealthChecks() },
    { provide: Registry, useValue: new Registry() },
  ];
  @Module({})
  class Globals {}
  @Module({
    imports: [
      { module: Globals, global: true, providers: globals, exports: globals.map(({ provide }) => provide) },
      AuthModule.register({ ...options, ...module }),
    ],
    controllers,
    providers: [
      { provide: APP_GUARD, useClass: AuthGuard },
      { provide: APP_GUARD, useClass: AccessGuard },
    ],
  })
  class App {}

  const adapter = new FastifyAdapter();
  adapter.getInstance().addHook('onRequest', (request, _, done) => {
    (request as unknown as RequestWithContext).facet = testContext({ clock });
    done();
  });
  const app = await NestFactory.create<NestFastifyApplication>(App, adapter, {
    logger: false,
    abortOnError: false,
  });
  app.useGlobalFilters(new PlainFilter());
  open.push(() => app.close());
  await app.init();
  await adapter.getInstance().ready();
  const get = async (url: string, headers: Record<string, string | string[]> = {}) => {
    const response = await app.inject({ method: 'GET', url, headers });
    return {
      status: response.statusCode,
      challenge: response.headers['www-authenticate'],
      body: response.json<Record<string, unknown>>(),
    };
  };
  const bearer = async (...args: Parameters<TestIssuer['token']>) => ({
    authorization: `Bearer ${await issuer.token(...args)}`,
  });
  return { app, clock, issuer, get, bearer };
}

describe('AuthModule', () => {
  it('lets verified callers in, by token or key', async () => {
    const { get, bearer } = await start();
    const token = await bearer();
    for (let i = 0; i < 2; i++) {
      expect(await get('/orders', token)).toMatchObject({
        status: 200,
        body: { kind: 'bearer', subject: 'usr_1' },
      });
    }
    expect(await get('/orders', { 'x-api-key': key })).toMatchObject({ status: 200, body: { keyId: 'k1' } });
    expect(await get('/user', { 'x-api-key': key })).toMatchObject({
      body: { kind: 'apiKey', tier: 'paid' },
    });
    expect(await get('/charge', { 'x-api-key': key })).toMatchObject({ status: 200 });
    expect(await get('/public')).toMatchObject({ status: 200, body: { kind: 'anonymous' } });
    expect(await get('/public', token)).toMatchObject({ status: 200, body: { tier: 'premium' } });
    expect(await get('/login', { authorization: 'Basic x' })).toMatchObject({ body: { kind: 'anonymous' } });
  });

  it('keeps everybody else out', async () => {
    const { get, bearer, issuer } = await start();
    const token = await bearer();
    const refusals = [
      [await get('/orders'), 401, 'unauthenticated'],
      [await get('/orders', { authorization: 'Basic dXNlcjpwYXNz' }), 401, 'unauthenticated'],
      [await get('/orders', await bearer({ exp: 1 })), 401, 'invalid_token'],
      [await get('/orders', await bearer({}, {}, testKey('ES256', issuer.key.kid))), 401, 'invalid_token'],
      [await get('/public', await bearer({ aud: 'other' })), 401, 'invalid_token'],
      [await get('/charge', token), 401, 'unauthenticated'],
      [await get('/charge', { 'x-api-key': `${key}0` }), 401, 'invalid_api_key'],
      [await get('/refunds', token), 403, 'insufficient_scope'],
      [await get('/admin', token), 403, 'insufficient_role'],
      [await get('/orders', { ...token, 'x-api-key': key }), 400, 'conflicting_credentials'],
      [await get('/orders?access_token=x'), 400, 'malformed_request'],
    ] as const;
    for (const [answer, status, reason] of refusals) {
      expect({ status: answer.status, reason: answer.body['reason'] }).toEqual({ status, reason });
      if (status === 401) expect(answer.challenge).toMatch(/realm="facet"/);
    }
  });

  it('starts with the issuer down and answers 503 to tokens only', async () => {
    const { get, bearer, app } = await start({ issuerDown: true });
    expect(await get('/orders', await bearer())).toMatchObject({
      status: 503,
      body: { reason: 'upstream_unavailable' },
    });
    expect(await get('/orders', { 'x-api-key': key })).toMatchObject({ status: 200 });
    expect(app.get(HealthChecks).readiness().checks['auth']).toMatchObject({
      state: 'degraded',
      details: { mode: 'no-keys', keys: 0 },
    });
  });

  it('tells operators its mode, keys and cache', async () => {
    const { get, bearer, app } = await start();
    const token = await bearer();
    for (let i = 0; i < 3; i++) await get('/orders', token);
    expect(app.get(HealthChecks).readiness().checks['auth']).toEqual({
      state: 'up',
      details: { mode: 'normal', keys: 1, apiKeys: 1, apiKeysFile: 'good' },
    });
    const metrics = await app.get(Registry).metrics();
    expect(metrics).toContain('gateway_auth_mode{mode="normal"} 1');
    expect(metrics).toContain('gateway_auth_mode{mode="no-keys"} 0');
    expect(metrics).toContain('gateway_auth_token_cache_entries 1');
    expect(metrics).toContain('gateway_auth_token_cache_total{result="hit"} 2');
    expect(metrics).toContain('gateway_auth_token_cache_total{result="miss"} 1');
    expect(await app.get(Registry).metrics()).toContain('gateway_auth_token_cache_total{result="hit"} 2');
  });

  it('does not start while an endpoint has no rule, and names every one', async () => {
    const error: unknown = await start({ controllers: [Endpoints, Forgotten] }).catch(
      (thrown: unknown) => thrown,
    );
    expect(String(error)).toMatch(/no access rule/);
    expect(String(error).split('\n').slice(1)).toEqual(['Forgotten.list', 'Forgotten.one']);
  });

  it('serves passport guards by the same checks', async () => {
    const { get, bearer } = await start();
    expect(await get('/passport', await bearer())).toMatchObject({ status: 200, body: { subject: 'usr_1' } });
    for (const bad of [{}, await bearer({ exp: 1 }), await bearer({}, { typ: 'id_token' })]) {
      expect((await get('/passport', bad)).status).toBe(401);
    }
  });

  it('takes other authenticators and tiers, one class and one line each', async () => {
    class SessionAuthenticator extends Authenticator {
      override readonly kind = 'session';
      override authenticate({ headers }: Parameters<Authenticator['authenticate']>[0]): Verdict {
        if (headers.cookie !== 'session=s1') return notMine;
        return { kind: 'session', subject: 'usr_2', tier: 'free', scopes: ['orders:read'], roles: [] };
      }
    }
    class EverybodyIsPaid extends TierResolver {
      override resolve(): 'paid' {
        return 'paid';
      }
    }
    const { get, bearer } = await start({
      module: { authenticators: [SessionAuthenticator, BearerAuthenticator], tierResolver: EverybodyIsPaid },
    });
    expect(await get('/orders', { cookie: 'session=s1' })).toMatchObject({ body: { kind: 'session' } });
    expect(await get('/orders', await bearer())).toMatchObject({ body: { tier: 'paid' } });
    expect((await get('/orders', { 'x-api-key': key })).status).toBe(401);
  });
});
