import { afterEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '@facet/context';
import { GatewayLog } from '@facet/management';
import { describeWithRedis, describeWithRedisProcess } from '@facet/testing/redis';
import { Registry } from 'prom-client';
import { StoreMetrics } from './metrics.ts';
import { RedisConnection, type RedisConnectionParts } from './redis-connection.ts';
import { RedisScript } from './redis-script.ts';
import { StoreUnavailable } from './store-unavailable.ts';

class Lines extends GatewayLog {
  readonly lines: string[] = [];
  override write(...line: unknown[]): void {
    this.lines.push(JSON.stringify(line));
  }
}

const opened: RedisConnection[] = [];
const log = new Lines();
/** With a budget no busy machine exceeds, unless the test is about the budget. */
async function open(url: string, more: Partial<RedisConnectionParts> = {}): Promise<RedisConnection> {
  const gateway = `test-${Math.random()}`;
  const parts = { url, gateway, clock: systemClock, log, budgetMs: 10_000, ...more };
  const connection = await RedisConnection.open(parts);
  opened.push(connection);
  return connection;
}
async function openReady(url: string, more: Partial<RedisConnectionParts> = {}): Promise<RedisConnection> {
  const connection = await open(url, more);
  await until(() => connection.available);
  return connection;
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((connection) => connection.onApplicationShutdown()));
});

/** Turns of the event loop until it holds; the test's own time limit ends a wait in vain. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

describeWithRedis('RedisConnection', (redis) => {
  it('runs commands and is up', async () => {
    const connection = await openReady(redis.url);
    const key = connection.key('greeting');
    await connection.execute((client) => client.set(key, 'hello', 'PX', 1000));
    expect(await connection.execute((client) => client.get(key))).toBe('hello');
    expect(connection.health()).toEqual({ state: 'up', details: { connection: 'ready', liveInstances: 1 } });
  });

  it('keeps all keys of a gateway in one cluster slot: one hash tag, whatever follows', async () => {
    const connection = await openReady(redis.url, { gateway: 'gateway-web' });
    const hashTag = (key: string) => /\{(.+?)\}/.exec(key)?.[1];
    for (const name of ['a', '', '}{', '{other}:x']) {
      expect(hashTag(connection.key(name))).toBe('facet:gateway-web');
    }
  });

  it('runs a script by its hash, and whole when the server has lost it', async () => {
    const connection = await openReady(redis.url);
    const script = new RedisScript(`return ARGV[1] + 1 -- ${connection.key('own')}`);
    const run = (value: number) => connection.execute((client) => script.run(client, [], [value]));
    expect([await run(1), await run(2)]).toEqual([2, 3]);
    await connection.execute((client) => client.script('FLUSH'));
    expect(await run(3)).toBe(4);
    expect(connection.available).toBe(true);
  });

  it('wraps what a command throws', async () => {
    const connection = await openReady(redis.url);
    const failing = connection.execute((client) => client.eval('return redis.error_reply("ERR no")', 0));
    await expect(failing).rejects.toBeInstanceOf(StoreUnavailable);
    expect(connection.available).toBe(true);
  });

  it('counts the live instances of one gateway and forgets who leaves', async () => {
    const gateway = `test-${Math.random()}`;
    const [first, second] = [
      await openReady(redis.url, { gateway }),
      await openReady(redis.url, { gateway }),
    ];
    await openReady(redis.url);
    expect(second.instances).toBe(2);
    await opened.splice(opened.indexOf(second), 1)[0]!.onApplicationShutdown();
    const third = await openReady(redis.url, { gateway });
    expect([third.instances, first.instances]).toEqual([2, 1]);
  });

  it('counts commands by outcome', async () => {
    const registry = new Registry();
    const connection = await openReady(redis.url, { metrics: new StoreMetrics(registry) });
    await connection
      .execute((client) => client.eval('return redis.error_reply("ERR no")', 0))
      .catch(() => undefined);
    const metrics = await registry.metrics();
    expect(metrics).toContain('gateway_store_commands_total{outcome="error"} 1');
    expect(metrics).toContain('gateway_store_up 1');
    expect(metrics).toContain('gateway_store_live_instances 1');
  });
});

describeWithRedisProcess('RedisConnection when Redis fails', (server) => {
  it('fails fast when it is killed, and is back within 2 s of its return', async () => {
    const connection = await openReady(server().url);
    await server().kill();
    await until(() => !connection.available);
    const refused = connection.execute((client) => client.ping()).catch((error: unknown) => error);
    const nextTurn = new Promise((resolve) => setImmediate(resolve, 'next turn'));
    expect(await Promise.race([refused, nextTurn])).toBeInstanceOf(StoreUnavailable);
    expect(connection.health().state).toBe('degraded');
    await server().start();
    const backMs = performance.now();
    await until(() => connection.available);
    expect(performance.now() - backMs).toBeLessThan(2000);
    expect(await connection.execute((client) => client.ping())).toBe('PONG');
  });

  it('gives a held Redis 50 ms a command, for a moment, and then asks it no more until it answers', async () => {
    const connection = await openReady(server().url, { budgetMs: 50 });
    server().pause();
    try {
      const startMs = performance.now();
      const waits: string[] = [];
      while (connection.available) {
        const [wait] = await Promise.allSettled([connection.execute((client) => client.ping())]);
        waits.push(wait.status);
      }
      expect(waits.length).toBeGreaterThanOrEqual(3);
      expect(new Set(waits)).toEqual(new Set(['rejected']));
      expect(performance.now() - startMs).toBeLessThan(2000);
    } finally {
      server().resume();
    }
    const backMs = performance.now();
    await until(() => connection.available);
    expect(performance.now() - backMs).toBeLessThan(2000);
  });

  it('starts without Redis and uses it once it comes', async () => {
    await server().kill();
    const connection = await open(server().url);
    expect([connection.available, connection.instances]).toEqual([false, 1]);
    await server().start();
    await until(() => connection.available);
  });

  it('logs that it is away and that it is back, and never a credential', async () => {
    log.lines.length = 0;
    const url = server().url.replace('//', '//someone:canary-secret@');
    await open(url);
    await open('redis://:canary-secret@127.0.0.1:1');
    expect(log.lines.join('\n')).toContain('shared store is away');
    expect(log.lines.join('\n')).not.toContain('canary-secret');
  });
});

describe('StoreModule', () => {
  it('loads and provides nothing without a URL', async () => {
    const { StoreModule } = await import('./store.module.ts');
    expect(StoreModule.register({ gateway: 'gateway-web' })).toEqual({ module: StoreModule });
  });
});
