import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type TiersConfig } from '@facet/config';
import { Clock, type Principal } from '@facet/context';
import { type GatewayError } from '@facet/errors';
import { FakeClock, testContext } from '@facet/testing';
import { type ArgumentsHost, Catch, Controller, Get, Module, Post, type Type } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { type FastifyReply } from 'fastify';
import { Registry } from 'prom-client';
import { Limits } from './limits.decorator.ts';
import { ThrottleGuard } from './throttle.guard.ts';
import { ThrottlingModule } from './throttling.module.ts';

const { SkipThrottle, Throttle, ThrottlerGuard } = await import('@nestjs/throttler');

const perMinute = (limit: number) =>
  ({ limit, windowMs: 60_000, burst: limit, algorithm: 'token-bucket' }) as const;
const tiers: TiersConfig = {
  anonymous: perMinute(4),
  free: perMinute(4),
  paid: perMinute(4),
  premium: perMinute(4),
  enterprise: 'unlimited',
};

@Controller('orders')
class OrdersController {
  @Get('tier')
  tier(): string {
    return 'ok';
  }
  @Get('throttled')
  @Throttle({ default: { limit: 6, ttl: 1000 } })
  throttled(): string {
    return 'ok';
  }
  @Get('named')
  @Throttle({ burst: { limit: 2, ttl: 1000 } })
  named(): string {
    return 'ok';
  }
  @Get('skipped')
  @SkipThrottle()
  skipped(): string {
    return 'ok';
  }
  @Get('own')
  @Limits([{ name: 'own', per: 'client', limit: 1, windowMs: 1000 }])
  own(): string {
    return 'ok';
  }
  @Post('own')
  @Limits([{ name: 'own', per: 'client', limit: 1, windowMs: 1000 }], { withoutTier: true })
  ownPost(): string {
    return 'ok';
  }
  @Get('off')
  @Limits('off')
  off(): string {
    return 'ok';
  }
}

@Controller('quiet')
@SkipThrottle()
@Throttle({ default: { limit: 1, ttl: 1000 } })
class QuietController {
  @Get('skipped')
  skipped(): string {
    return 'ok';
  }
  @Get('again')
  @SkipThrottle({ default: false })
  @Throttle({ default: { limit: 2, ttl: 1000 } })
  again(): string {
    return 'ok';
  }
}

@Catch()
class ProblemFilter {
  catch(error: GatewayError, host: ArgumentsHost): void {
    void host.switchToHttp().getResponse<FastifyReply>().code(error.status).send({ reason: error.reason });
  }
}

async function open(
  clock: Clock,
  controllers: Type[],
  registry = new Registry(),
): Promise<NestFastifyApplication> {
  @Module({
    providers: [
      { provide: Clock, useValue: clock },
      { provide: Registry, useValue: registry },
    ],
    exports: [Clock, Registry],
  })
  class AmbientModule {}
  const testing = await Test.createTestingModule({
    imports: [{ module: AmbientModule, global: true }, ThrottlingModule.register({ tiers })],
    controllers,
    providers: [{ provide: APP_GUARD, useClass: ThrottleGuard }],
  }).compile();
  const app = testing.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  app.useGlobalFilters(new ProblemFilter());
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRequest', (request, _reply, done) => {
    const subject = request.headers['test-subject'] as string | undefined;
    const principal: Principal | undefined =
      subject === undefined ? undefined : { kind: 'bearer', subject, tier: 'free', scopes: [], roles: [] };
    Object.assign(request, { facet: testContext({ clock, ...(principal ? { principal } : {}) }) });
    done();
  });
  return app;
}

describe('ThrottleGuard', () => {
  let clock: FakeClock;
  let registry: Registry;
  let app: NestFastifyApplication;

  beforeEach(async () => {
    clock = new FakeClock();
    registry = new Registry();
    app = await open(clock, [OrdersController, QuietController], registry);
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });
  afterEach(() => app.close());

  const get = (path: string, headers: Record<string, string> = {}, method: 'GET' | 'POST' = 'GET') =>
    app.inject({ method, url: path, headers });
  const statuses = async (count: number, path: string, headers: Record<string, string> = {}) => {
    const seen = [];
    for (let round = 0; round < count; round++) seen.push((await get(path, headers)).statusCode);
    return seen;
  };

  it('is the stock guard by class', () => {
    expect(ThrottleGuard.prototype).toBeInstanceOf(ThrottlerGuard);
  });

  it('holds endpoints without decorators to the tier, one bucket for all of them', async () => {
    expect(await statuses(3, '/orders/tier')).toEqual([200, 200, 200]);
    expect(await statuses(2, '/orders/named')).toEqual([200, 429]);
    const { headers } = await get('/orders/tier');
    expect(headers).toMatchObject({
      'ratelimit-policy': '"anonymous";q=4;w=60',
      ratelimit: '"anonymous";r=0;t=15',
    });
  });

  it('replaces the tier where @Throttle says default, and counts per subject', async () => {
    expect(await statuses(7, '/orders/throttled')).toEqual([200, 200, 200, 200, 200, 200, 429]);
    expect((await get('/orders/throttled', { 'test-subject': 'anna' })).headers['ratelimit']).toBe(
      '"default";r=5;t=1',
    );
    expect((await get('/orders/tier')).headers['ratelimit']).toBe('"anonymous";r=3;t=15');
  });

  it('adds to the tier where @Throttle says any other name', async () => {
    expect((await get('/orders/named')).headers['ratelimit']).toBe('"burst";r=1;t=1, "anonymous";r=3;t=15');
    expect(await statuses(2, '/orders/named')).toEqual([200, 429]);
  });

  it('lets everything pass where @SkipThrottle says so, and tells no numbers', async () => {
    expect(new Set(await statuses(20, '/orders/skipped'))).toEqual(new Set([200]));
    expect((await get('/orders/skipped')).headers).not.toHaveProperty('ratelimit');
  });

  it('lets a handler undo what its controller says', async () => {
    expect(new Set(await statuses(20, '/quiet/skipped'))).toEqual(new Set([200]));
    expect(await statuses(3, '/quiet/again')).toEqual([200, 200, 429]);
  });

  it('honours our own decorator, each method of a path on its own', async () => {
    expect(await statuses(2, '/orders/own')).toEqual([200, 429]);
    const post = await get('/orders/own', {}, 'POST');
    expect([post.statusCode, post.headers['ratelimit']]).toEqual([201, '"own";r=0;t=1']);
    expect(new Set(await statuses(20, '/orders/off'))).toEqual(new Set([200]));
  });

  it('counts what it refused', async () => {
    await statuses(6, '/orders/tier');
    expect(await registry.metrics()).toContain(
      'gateway_throttled_total{tier="anonymous",limit="anonymous"} 2',
    );
  });

  it.each([
    ['a limit as a function', { limit: () => 5, ttl: 1000 }, 'limit and ttl must be numbers'],
    ['an own tracker', { limit: 5, ttl: 1000, getTracker: () => 'x' }, 'only limit and ttl are supported'],
    ['a block duration', { limit: 5, ttl: 1000, blockDuration: 9000 }, 'only limit and ttl are supported'],
    ['a limit of 0', { limit: 0, ttl: 1000 }, 'limit must be a positive integer'],
  ])('stops the start at %s, naming the endpoint', async (_name, options, message) => {
    @Controller('wrong')
    class WrongController {
      @Get()
      @Throttle({ default: options })
      wrong(): string {
        return 'never';
      }
    }
    const wrong = await open(clock, [WrongController]);
    const start = wrong.init();
    await expect(start).rejects.toThrow('WrongController.wrong');
    await expect(start).rejects.toThrow(message);
    await wrong.close();
  });
});
