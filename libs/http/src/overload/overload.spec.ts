import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, UseGuards } from '@nestjs/common';
import { anonymous, type Principal, type StageRequest } from '@facet/context';
import { FakeClock } from '@facet/testing';
import { startTestGateway } from '@facet/testing/http';
import { type Registry } from 'prom-client';
import { Type } from 'typebox';
import { Answers, type Gateway, LoadGuard } from '../index.ts';
import * as http from '../index.ts';
import { type GatewayRequest } from '../request/gateway-request.ts';
import { Pressure } from './pressure.ts';
import { Traffic } from './traffic.ts';

let tier: Principal['tier'] = 'anonymous';

/** Stands for authentication. */
class TierGuard {
  canActivate(context: { switchToHttp(): { getRequest(): StageRequest } }): boolean {
    context.switchToHttp().getRequest().facet.principal = { ...anonymous, kind: 'bearer', tier };
    return true;
  }
}

@Controller('orders')
@UseGuards(TierGuard, LoadGuard)
class OrdersController {
  @Get()
  @Answers(Type.Object({ ok: Type.Boolean() }))
  list() {
    return { ok: true };
  }
}

/** A clock whose timers run late, as behind a blocked event loop. */
class StallingClock extends FakeClock {
  lateMs = 0;
  override monotonic(): number {
    return super.monotonic() + this.lateMs;
  }
  async stall(ms: number, times = 3): Promise<void> {
    for (let i = 0; i < times; i++) {
      this.lateMs += ms;
      await this.advance(50);
    }
  }
}

describe('overload', () => {
  const clock = new StallingClock();
  let gateway: Gateway;
  let registry: Registry;
  beforeEach(async () => {
    ({ gateway, registry } = await startTestGateway(http, [OrdersController], { clock }));
  });
  afterEach(() => gateway.close());

  async function statusOf(
    as: Principal['tier'],
    headers: Record<string, string> = { authorization: 'Bearer x' },
  ) {
    tier = as;
    const response = await gateway.app.inject({ url: '/api/web/orders', headers });
    return response.statusCode;
  }

  it('serves everybody while the loop runs on time', async () => {
    await clock.advance(1000);
    expect(await statusOf('anonymous', {})).toBe(200);
  });

  it('makes nothing of one long task', async () => {
    await clock.stall(5000, 2);
    await clock.advance(50);
    expect(await statusOf('anonymous', {})).toBe(200);
  });

  it.each([
    [260, ['anonymous']],
    [320, ['anonymous', 'free']],
    [400, ['anonymous', 'free', 'paid']],
    [600, ['anonymous', 'free', 'paid', 'premium']],
    [800, ['anonymous', 'free', 'paid', 'premium', 'enterprise']],
  ] as const)('at a delay of %d ms turns away %j', async (delayMs, refused) => {
    await clock.stall(delayMs);
    for (const each of ['anonymous', 'free', 'paid', 'premium', 'enterprise'] as const) {
      const headers = each === 'anonymous' ? {} : { authorization: 'Bearer x' };
      expect([each, await statusOf(each, headers)]).toEqual([
        each,
        refused.includes(each as never) ? 503 : 200,
      ]);
    }
  });

  it('says when to come back, keeps health, and counts', async () => {
    await clock.stall(5000);
    const response = await gateway.app.inject({ url: '/api/web/orders' });
    expect(response.json()).toMatchObject({ reason: 'overloaded' });
    expect(Number(response.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect((await gateway.app.inject({ url: '/health' })).statusCode).toBe(200);
    expect(await registry.metrics()).toContain('gateway_shed_total{tier="anonymous"} 1');
  });

  it('serves again within two seconds of relief', async () => {
    await clock.stall(2500);
    expect(await statusOf('enterprise')).toBe(503);
    await clock.advance(1000);
    expect(await statusOf('anonymous', {})).toBe(200);
  });
});

describe('Pressure', () => {
  it('counts requests under way against their limit', () => {
    const traffic = new Traffic();
    const pressure = new Pressure(traffic, new FakeClock(), { maxInFlight: 2 });
    const requests = [1, 2, 3].map(() => ({}) as GatewayRequest);
    traffic.begin(requests[0]!);
    expect(pressure.level).toBe(0.5);
    traffic.begin(requests[1]!);
    traffic.begin(requests[2]!);
    expect(pressure.level).toBe(1.5);
    traffic.end(requests[0]!);
    traffic.end(requests[0]!);
    expect(pressure.level).toBe(1);
  });
});
