import { afterEach, expect, it } from '@jest/globals';
import { systemClock } from '@facet/context';
import { RedisConnection, StoreMetrics } from '@facet/store';
import { describeWithRedisProcess } from '@facet/testing/redis';
import { Registry } from 'prom-client';
import { Limit } from '../limit.ts';
import { MemoryThrottleStore } from '../memory/memory-throttle.store.ts';
import { type Verdict } from '../throttle.store.ts';
import { Debts } from './debts.ts';
import { LocalShare } from './local-share.ts';
import { RedisThrottleStore } from './redis-throttle.store.ts';

const limit = new Limit({ name: 'x', limit: 1_000_000, windowMs: 3_600_000 }, 'failures');

/** Requests in a closed loop while Redis fails: every one gets an answer, whatever happens. */
describeWithRedisProcess('RedisThrottleStore under load', (server) => {
  let registry: Registry;
  let connection: RedisConnection;
  let store: RedisThrottleStore;
  let answers: { readonly isLocal: boolean; readonly verdict: Verdict }[];
  let isRunning: boolean;
  let clients: Promise<unknown>;

  /** @param budgetMs what a command may take */
  async function begin(budgetMs: number): Promise<void> {
    registry = new Registry();
    connection = await RedisConnection.open({
      url: server().url,
      gateway: 'failures',
      clock: systemClock,
      metrics: new StoreMetrics(registry),
      budgetMs,
    });
    store = new RedisThrottleStore({
      connection,
      local: new LocalShare({
        memory: new MemoryThrottleStore(systemClock),
        instances: () => connection.instances,
        debts: new Debts(systemClock),
      }),
    });
    answers = [];
    isRunning = true;
    clients = Promise.all(Array.from({ length: 20 }, (_, client) => ask(String(client))));
    await answered(100, false);
  }
  afterEach(async () => {
    isRunning = false;
    await clients;
    await connection.onApplicationShutdown();
  });

  async function ask(key: string): Promise<void> {
    while (isRunning) {
      const pending = store.take([{ limit, key }]);
      answers.push({ isLocal: !(pending instanceof Promise), verdict: await pending });
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Waits for more answers; with `isLocal`, for answers of that origin. */
  async function answered(count: number, isLocal?: boolean): Promise<void> {
    const from = answers.length;
    const matching = () =>
      answers.slice(from).filter((each) => isLocal === undefined || each.isLocal === isLocal);
    while (matching().length < count) await new Promise((resolve) => setImmediate(resolve));
  }

  async function failedCommands(): Promise<number> {
    const { values = [] } = (await registry.getSingleMetric('gateway_store_commands_total')?.get()) ?? {};
    const failed = values.filter(
      ({ labels }) => labels['outcome'] === 'timeout' || labels['outcome'] === 'error',
    );
    return failed.reduce((sum, { value }) => sum + value, 0);
  }

  const failures: Record<string, { begin: () => Promise<unknown>; end: () => Promise<unknown> }> = {
    killed: { begin: () => server().kill(), end: () => server().start() },
    stopped: {
      begin: () => Promise.resolve(server().pause()),
      end: () => Promise.resolve(server().resume()),
    },
  };

  it.each(Object.keys(failures))(
    'answers locally when Redis is %s, and from Redis within 2 s of its return',
    async (name) => {
      await begin(50);
      await failures[name]!.begin();
      await answered(200, true);
      await failures[name]!.end();
      const backMs = performance.now();
      await answered(20, false);
      expect(performance.now() - backMs).toBeLessThan(2000);
      expect(answers.every(({ verdict }) => verdict.admitted)).toBe(true);
      // Each client waited a few budgets before the breaker opened; no request is a probe.
      expect(await failedCommands()).toBeLessThanOrEqual(100);
    },
  );

  it.each(['FLUSHALL', 'SCRIPT FLUSH'])('goes on through %s', async (command) => {
    await begin(10_000);
    const flush = () =>
      connection.execute((redis) => (command === 'FLUSHALL' ? redis.flushall() : redis.script('FLUSH')));
    const before = await failedCommands();
    await flush();
    await answered(200, false);
    expect(await failedCommands()).toBe(before);
    expect(answers.every(({ verdict }) => verdict.admitted)).toBe(true);
  });
});
