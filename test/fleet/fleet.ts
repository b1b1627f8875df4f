import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatewayEnv } from '@facet/testing/gateway';
import { RedisProcess } from '@facet/testing/processes';
import { Redis } from 'ioredis';
import { type HaproxyProcess, startHaproxy } from '../support/haproxy.ts';
import { Instance } from './instance.ts';
import { RedisLink } from './redis-link.ts';
import { Services } from './services.ts';
import { until } from './until.ts';

export interface FleetOptions {
  /** Content of a `TIERS_FILE`. Default: `countedTiers`. */
  readonly tiers?: string;
  /** Added to what every instance gets. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The shipped limits, and for enterprise a number that nobody reaches: each of its requests asks the store. */
export const countedTiers = 'enterprise: { rate: 900000000/h }\n';

const size = 3;

interface Parts {
  readonly services: Services;
  readonly redis: RedisProcess;
  /** Between the first instance and Redis. */
  readonly link: RedisLink;
  readonly instances: readonly Instance[];
  readonly haproxy: HaproxyProcess;
}

/** Three instances of gateway-mobile that share a Redis of their own, behind HAProxy as it is shipped. */
export class Fleet implements AsyncDisposable {
  readonly services: Services;
  readonly redis: RedisProcess;
  readonly link: RedisLink;
  readonly instances: readonly Instance[];
  readonly haproxy: HaproxyProcess;
  readonly #started: AsyncDisposableStack;

  private constructor(parts: Parts, started: AsyncDisposableStack) {
    this.services = parts.services;
    this.redis = parts.redis;
    this.link = parts.link;
    this.instances = parts.instances;
    this.haproxy = parts.haproxy;
    this.#started = started;
  }

  /** Resolves once HAProxy and all instances are up and know of one another. */
  static async start({ tiers = countedTiers, env = {} }: FleetOptions = {}): Promise<Fleet> {
    await using starting = new AsyncDisposableStack();
    const services = starting.use(await Services.start());
    const redis = starting.adopt(await RedisProcess.start(), (server) => server.kill());
    const link = starting.use(await RedisLink.open(redis.port));
    const common = { ...gatewayEnv(services.urls), ...instanceEnv(starting, tiers), ...env };
    const instances = await Promise.all(
      Array.from({ length: size }, async (_, index) => {
        const redisUrl = index === 0 ? link.url : redis.url;
        return starting.use(await Instance.start('gateway-mobile', { ...common, REDIS_URL: redisUrl }));
      }),
    );
    const haproxy = starting.adopt(await balancer(instances), (process) => process.stop());
    const fleet = new Fleet({ services, redis, link, instances, haproxy }, starting.move());
    await fleet.untilWhole();
    return fleet;
  }

  get urls(): string[] {
    return this.instances.map(({ url }) => url);
  }

  /** Waits until every instance gets requests, uses Redis and counts all the others. */
  async untilWhole(): Promise<void> {
    await until(async () => (await this.haproxy.up('mobile')).length === size);
    await this.untilSharing(true);
    await until(async () =>
      (await this.#of((each) => each.metric('gateway_store_live_instances'))).every(
        (count) => count === size,
      ),
    );
  }

  /** Waits until every instance uses the shared store, or none does. Answers how long that took, ms. */
  untilSharing(isSharing: boolean): Promise<number> {
    return until(async () =>
      (await this.#of((each) => each.sharesStore())).every((state) => state === isSharing),
    );
  }

  /** A connection of the test's own. */
  async withRedis<T>(use: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis(this.redis.url, { lazyConnect: true });
    try {
      await redis.connect();
      return await use(redis);
    } finally {
      redis.disconnect();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#started.disposeAsync();
  }

  #of<T>(ask: (instance: Instance) => Promise<T>): Promise<T[]> {
    return Promise.all(this.instances.map(ask));
  }
}

function instanceEnv(starting: AsyncDisposableStack, tiers: string): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'facet-fleet-'));
  starting.defer(() => rmSync(folder, { recursive: true }));
  const tiersFile = join(folder, 'tiers.yaml');
  writeFileSync(tiersFile, tiers);
  return { TIERS_FILE: tiersFile, TRUSTED_PROXIES: '127.0.0.1', DRAIN_DELAY_MS: '1000' };
}

/** Checks come faster than shipped, so that a restart takes a second and not six. */
function balancer(instances: readonly Instance[]): Promise<HaproxyProcess> {
  const servers = instances.flatMap(({ port, managementPort }, index) => [
    [`MOBILE_${index + 1}`, `127.0.0.1:${port}`],
    [`MOBILE_${index + 1}_CHECK_PORT`, String(managementPort)],
  ]);
  return startHaproxy({ CHECK_EVERY: '100ms', ...(Object.fromEntries(servers) as Record<string, string>) });
}
