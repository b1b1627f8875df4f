import { expect, it } from '@jest/globals';
import { type TiersConfig } from '@facet/config';
import { type Policy, type StageRequest } from '@facet/context';
import { StoreModule } from '@facet/store';
import { testContext } from '@facet/testing';
import { describeWithRedis } from '@facet/testing/redis';
import { Test } from '@nestjs/testing';
import { MemoryThrottleStore } from '../memory/memory-throttle.store.ts';
import { ThrottleStage } from '../throttle.stage.ts';
import { ThrottleStore } from '../throttle.store.ts';
import { ThrottlingModule } from '../throttling.module.ts';
import { RedisThrottleStore } from './redis-throttle.store.ts';

const fourAnHour = { limit: 4, windowMs: 3_600_000, burst: 4, algorithm: 'token-bucket' } as const;
const tiers: TiersConfig = {
  anonymous: fourAnHour,
  free: fourAnHour,
  paid: fourAnHour,
  premium: fourAnHour,
  enterprise: 'unlimited',
};
const policy: Policy = {
  route: '/orders',
  access: { accept: 'public', scopes: [], roles: [] },
  limits: { list: [{ name: 'all', per: 'total', limit: 6, windowMs: 3_600_000 }], withoutTier: false },
};

async function open(gateway: string, redisUrl?: string) {
  const app = await Test.createTestingModule({
    imports: [
      StoreModule.register({ gateway, redisUrl, budgetMs: 10_000 }),
      ThrottlingModule.register({ tiers }),
    ],
  }).compile();
  await app.init();
  return app;
}

async function isAdmitted(app: Awaited<ReturnType<typeof open>>, clientAddress: string): Promise<boolean> {
  const request = { headers: {}, facet: testContext({ clientAddress }) } as unknown as StageRequest;
  try {
    await app.get(ThrottleStage, { strict: false }).run(request, { header: () => undefined }, policy);
    return true;
  } catch {
    return false;
  }
}

describeWithRedis('ThrottlingModule with StoreModule', (redis) => {
  it('keeps to memory without a URL', async () => {
    const app = await open('alone');
    expect(app.get(ThrottleStore, { strict: false })).toBeInstanceOf(MemoryThrottleStore);
    await app.close();
  });

  it('shares limits among the instances of one gateway, and not with another', async () => {
    const gateway = `shared-${Math.random()}`;
    const apps = [await open(gateway, redis.url), await open(gateway, redis.url)];
    const other = await open(`${gateway}-other`, redis.url);
    expect(apps[0]!.get(ThrottleStore, { strict: false })).toBeInstanceOf(RedisThrottleStore);

    const admitted = async (count: number, address: string) => {
      const asked = Array.from({ length: count }, (_, index) => isAdmitted(apps[index % 2]!, address));
      return (await Promise.all(asked)).filter(Boolean).length;
    };
    expect(await admitted(50, '192.0.2.1')).toBe(4);
    expect(await admitted(50, '192.0.2.2')).toBe(2);
    expect(await isAdmitted(other, '192.0.2.1')).toBe(true);
    await Promise.all([...apps, other].map((app) => app.close()));
  });
});
