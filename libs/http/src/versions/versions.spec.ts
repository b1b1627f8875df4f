import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type RequestContext } from '@facet/context';
import { FakeClock } from '@facet/testing';
import { startTestGateway } from '@facet/testing/http';
import { type Registry } from 'prom-client';
import { type Static, Type } from 'typebox';
import { Answers, Context, defineVersions, Downgrade, type Gateway, Upgrade, Versioned } from '../index.ts';
import * as http from '../index.ts';

const v2Schema = Type.Object({ id: Type.String(), total: Type.Integer(), version: Type.String() });
const v1Schema = Type.Object({ id: Type.String(), total_cents: Type.Integer() });
const v0Schema = Type.Object({ orderId: Type.String() });

const versions = defineVersions({
  current: 'v2',
  legacy: {
    v1: {
      deprecatedAt: '2025-01-01T00:00:00Z',
      sunsetAt: '2026-07-01T00:00:00Z',
      link: 'https://docs.example/v1',
      brownOuts: [{ from: '2026-03-01T00:00:00Z', to: '2026-03-01T01:00:00Z' }],
    },
  },
  preview: ['v3'],
});

@Controller('orders')
@Versioned(versions)
class OrdersController {
  @Get(':id')
  @Answers(v2Schema)
  @Downgrade('v1', v1Schema, (order: Static<typeof v2Schema>) => ({
    id: order.id,
    total_cents: order.total,
    internal: 1,
  }))
  one(@Context() context: RequestContext) {
    return { id: 'a', total: 5, version: context.apiVersion };
  }
}

@Controller('plain')
class PlainController {
  @Get()
  @Answers(Type.Object({ ok: Type.Boolean() }))
  one() {
    return { ok: true };
  }
}

describe('versions', () => {
  const clock = new FakeClock();
  let gateway: Gateway;
  let registry: Registry;
  let app: NestFastifyApplication;
  beforeAll(async () => {
    ({ gateway, registry } = await startTestGateway(http, [OrdersController, PlainController], { clock }));
    app = gateway.app;
  });
  afterAll(() => gateway.close());

  const get = (url: string, headers: Record<string, string> = {}) =>
    app.inject({ method: 'GET', url, headers });

  it.each([
    ['/api/web/orders/a', undefined],
    ['/api/web/v2/orders/a', undefined],
    ['/api/web/orders/a', 'v2'],
    ['/api/web/v2/orders/a', 'v1'],
  ])('%s with %s is the current version', async (url, field) => {
    const response = await get(url, field ? { 'api-version': field } : {});
    expect(response.json()).toEqual({ id: 'a', total: 5, version: 'v2' });
    expect(response.headers['api-version']).toBe('v2');
    expect(response.headers).not.toHaveProperty('deprecation');
  });

  it.each([
    ['/api/web/v1/orders/a?x=1', undefined],
    ['/api/web/orders/a', 'v1'],
  ])('%s with %s is made from the current one and says that it ends', async (url, field) => {
    const response = await get(url, field ? { 'api-version': field } : {});
    expect(response.json()).toEqual({ id: 'a', total_cents: 5 });
    expect(response.headers).toMatchObject({
      'api-version': 'v1',
      deprecation: `@${Date.UTC(2025, 0, 1) / 1000}`,
      sunset: 'Wed, 01 Jul 2026 00:00:00 GMT',
      link: [
        '<https://docs.example/v1>; rel="deprecation"',
        '<https://docs.example/v1>; rel="sunset"',
        '</api/web/v2/orders/a>; rel="successor-version"',
      ].join(', '),
    });
  });

  it('lets no path write a link of its own', async () => {
    const response = await get('/api/web/v1/orders/a>;rel="x",<b');
    expect(response.headers['link']).toMatch(
      /<\/api\/web\/v2\/orders\/a%3E;rel=%22x%22,%3Cb>; rel="successor-version"$/,
    );
  });

  it('counts who still calls a legacy version', async () => {
    expect(await registry.metrics()).toContain(
      'gateway_legacy_requests_total{version="v1",route="/api/web/orders/:id",principal="anonymous",tier="anonymous"} 3',
    );
  });

  it('serves a preview to who asks for it', async () => {
    const response = await get('/api/web/v3/orders/a');
    expect(response.headers['api-version']).toBe('v3');
    expect(response.json()).toMatchObject({ version: 'v3' });
  });

  it.each([
    ['/api/web/v9/orders/a', undefined, 404],
    ['/api/web/orders/a', 'v9', 400],
    ['/api/web/orders/a', '2', 400],
    ['/api/web/v01/orders/a', undefined, 404],
    ['/api/web/v1/v1/orders/a', undefined, 404],
    ['/api/web/v1/plain', undefined, 404],
    ['/api/web/v1', undefined, 404],
  ])('%s with %s: %d', async (url, field, status) => {
    expect((await get(url, field ? { 'api-version': field } : {})).statusCode).toBe(status);
  });

  it('leaves endpoints without versions alone', async () => {
    const response = await get('/api/web/plain', { 'api-version': 'v1' });
    expect(response.statusCode).toBe(200);
    expect(response.headers['api-version']).toBe('v2');
    expect(response.headers).not.toHaveProperty('deprecation');
  });

  it('gives each version a validator of its own', async () => {
    const [one, two] = await Promise.all([get('/api/web/v1/orders/a'), get('/api/web/v2/orders/a')]);
    expect(one.headers['etag']).not.toBe(two.headers['etag']);
    expect(two.headers['vary']).toContain('API-Version');
  });

  it('is gone for a while in a brown-out, and says for how long', async () => {
    clock.jumpWallTo(Date.UTC(2026, 2, 1, 0, 59));
    const response = await get('/api/web/v1/orders/a');
    expect(response.statusCode).toBe(410);
    expect(response.headers['retry-after']).toBe('60');
    clock.jumpWallTo(Date.UTC(2026, 2, 1, 1));
    expect((await get('/api/web/v1/orders/a')).statusCode).toBe(200);
  });

  it('is gone after the sunset', async () => {
    clock.jumpWallTo(Date.UTC(2026, 6, 1));
    const response = await get('/api/web/v1/orders/a');
    expect(response.statusCode).toBe(410);
    expect(response.json()).toMatchObject({ reason: 'gone' });
    expect(response.headers['sunset']).toBeDefined();
    expect((await get('/api/web/orders/a')).statusCode).toBe(200);
  });
});

describe('defineVersions', () => {
  const legacy = { deprecatedAt: '2026-01-02', sunsetAt: '2026-01-01', link: '/x' };

  it.each([
    [{ from: 'soon', to: '2026-01-04' }, /no date/],
    [{ from: '2026-01-04', to: '2026-01-03' }, /ends before it begins/],
    [{ from: '2026-01-01', to: '2026-01-03' }, /before its deprecation/],
  ])('refuses the brown-out %p', (brownOut, fault) => {
    const policy = { ...legacy, sunsetAt: '2026-06-01', brownOuts: [brownOut] };
    expect(() => defineVersions({ current: 'v2', legacy: { v1: policy }, preview: [] })).toThrow(fault);
  });

  it('names every fault', () => {
    expect(() =>
      defineVersions({
        current: 'v2',
        legacy: { v1: legacy, v2: { ...legacy, sunsetAt: 'soon' } },
        preview: ['v03' as 'v3'],
      }),
    ).toThrow(
      /v1: its sunset is before its deprecation; v2: sunsetAt is no date; v03: .*; v2: is named twice/,
    );
  });
});

describe('a chain of upgrades', () => {
  const v3Schema = Type.Object({ id: Type.String(), sum: Type.Object({ value: Type.Integer() }) });
  const v4Schema = Type.Object({ id: Type.String(), sums: Type.Array(Type.Integer()) });
  const policy = defineVersions({ current: 'v2', legacy: {}, preview: ['v4', 'v3'] });

  @Controller('previews')
  @Versioned(policy)
  class PreviewsController {
    @Get()
    @Answers(v2Schema)
    @Upgrade('v4', v4Schema, ({ id, sum }: Static<typeof v3Schema>) => ({
      id,
      sums: [sum.value],
      internal: 1,
    }))
    @Upgrade('v3', v3Schema, ({ id, total }: Static<typeof v2Schema>) => ({ id, sum: { value: total } }))
    one() {
      return { id: 'a', total: 5, version: '' };
    }
  }

  @Controller('stray')
  @Versioned(policy)
  class StrayController {
    @Get()
    @Answers(v2Schema)
    @Upgrade('v5', v3Schema, () => ({ id: '', sum: { value: 0 } }))
    one() {
      return { id: 'a', total: 5, version: '' };
    }
  }

  it('leads from the current version to each preview, and says nothing of an end', async () => {
    const { gateway } = await startTestGateway(http, [PreviewsController]);
    try {
      const answers = await Promise.all(
        ['v2', 'v3', 'v4'].map((version) => gateway.app.inject({ url: `/api/web/${version}/previews` })),
      );
      expect(answers.map((answer) => answer.json<unknown>())).toEqual([
        { id: 'a', total: 5, version: '' },
        { id: 'a', sum: { value: 5 } },
        { id: 'a', sums: [5] },
      ]);
      expect(answers.map(({ headers }) => headers['deprecation'])).toEqual([undefined, undefined, undefined]);
      expect(new Set(answers.map(({ headers }) => headers['etag'])).size).toBe(3);
    } finally {
      await gateway.close();
    }
  });

  it('stops the start when it leads to a version nobody knows', async () => {
    await expect(startTestGateway(http, [StrayController])).rejects.toThrow('a step to v5');
  });
});

describe('a chain of downgrades', () => {
  @Controller('chain')
  @Versioned(
    defineVersions({
      current: 'v3',
      legacy: {
        v1: { deprecatedAt: '2025-01-01', sunsetAt: '2030-01-01', link: '/docs' },
        v2: { deprecatedAt: '2025-01-01', sunsetAt: '2030-01-01', link: '/docs' },
      },
      preview: [],
    }),
  )
  class ChainController {
    @Get()
    @Answers(v2Schema)
    @Downgrade('v2', v1Schema, (order: Static<typeof v2Schema>) => ({
      id: order.id,
      total_cents: order.total,
    }))
    @Downgrade('v1', v0Schema, (order: Static<typeof v1Schema>) => ({
      orderId: `${order.id}${order.total_cents}`,
    }))
    one() {
      return { id: 'a', total: 5, version: '' };
    }
  }

  it('goes through each version in between', async () => {
    const { gateway } = await startTestGateway(http, [ChainController]);
    try {
      const response = await gateway.app.inject({ url: '/api/web/v1/chain' });
      expect(response.json()).toEqual({ orderId: 'a5' });
    } finally {
      await gateway.close();
    }
  });
});
