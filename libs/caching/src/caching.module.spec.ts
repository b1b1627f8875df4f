import { Clock } from '@facet/context';
import { type ManagementHandler, ManagementRoutes } from '@facet/management';
import { FakeClock } from '@facet/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Global, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { Registry } from 'prom-client';
import { CachingModule } from './caching.module.ts';
import { HttpCache } from './http-cache.ts';

let module: TestingModule;
afterEach(() => module.close());

@Global()
@Module({
  providers: [{ provide: Clock, useFactory: () => new FakeClock() }, Registry, ManagementRoutes],
  exports: [Clock, Registry, ManagementRoutes],
})
class Around {}

async function start(imports: unknown[] = [Around]): Promise<TestingModule> {
  const caching = CachingModule.register({ gateway: 'gateway-test' });
  module = await Test.createTestingModule({ imports: [...(imports as []), caching] }).compile();
  await module.init();
  return module;
}

const ask = (path: string) =>
  module.get(HttpCache).handle(
    {
      route: '/things/:id',
      scope: 'all',
      method: 'GET',
      origin: 'http://origin.test',
      path,
      headers: [],
      identityKey: '',
      hasAuthorization: false,
      signal: new AbortController().signal,
    },
    { identity: 'public', ttlMs: 60_000, tags: ['things'] },
    () => Promise.resolve({ status: 200, headers: [], body: Buffer.from('x') }),
  );

const purge = async (body: unknown) => {
  const route = module
    .get(ManagementRoutes)
    .all()
    .find(({ path }) => path === '/cache/purge');
  const handler = route?.handler as ManagementHandler;
  return await handler({ method: 'POST', params: {}, query: new URLSearchParams(), body });
};

describe('CachingModule', () => {
  it('provides a cache under the gateway’s name that counts what it does', async () => {
    await start();
    expect((await ask('/things/1')).cacheStatus).toBe('gateway-test; fwd=uri-miss; fwd-status=200; stored');
    await ask('/things/1');
    await ask('/things/2');
    const metrics = await module.get(Registry).metrics();
    expect(metrics).toContain('gateway_cache_total{route="/things/:id",result="miss"} 2');
    expect(metrics).toContain('gateway_cache_total{route="/things/:id",result="hit"} 1');
  });

  it('lets operators purge by tag and by path', async () => {
    await start();
    await ask('/things/1?a');
    await ask('/things/2');
    expect(await purge({ path: '/things/1' })).toEqual({ body: { purged: 1 } });
    expect(await purge({ tag: 'things' })).toEqual({ body: { purged: 1 } });
    expect(await purge({ tag: 'things' })).toEqual({ body: { purged: 0 } });
  });

  it.each([undefined, {}, { tag: '' }, { path: 'x' }, { tag: 'a', path: '/a' }, [], 'things'])(
    'refuses to purge %j',
    async (body) => {
      await start();
      expect(await purge(body)).toMatchObject({ status: 400 });
    },
  );

  it('needs nothing around it', async () => {
    await start([]);
    expect((await ask('/things/1')).result).toBe('miss');
  });
});
