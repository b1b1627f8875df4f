import { type Clock } from '@facet/context';
import { type GatewayLog, type HealthReport } from '@facet/management';
import { ExpiryLine } from '@facet/resilience';
import { type OnApplicationShutdown } from '@nestjs/common';
import { type Redis } from 'ioredis';
import { LiveInstances } from './live-instances.ts';
import { type StoreMetrics } from './metrics.ts';
import { createRedisClient } from './redis-client.ts';
import { StoreBreaker } from './store-breaker.ts';
import { StoreUnavailable } from './store-unavailable.ts';
import { BudgetExceeded, type BudgetOutcome, withinBudget } from './within-budget.ts';

/** How long a start waits for Redis before it goes on without. */
const startWaitMs = 500;
/** Probes in vain on a connection that claims to live, before it is given up: the peer may be gone without a word. */
const silentProbes = 3;

export interface RedisConnectionParts {
  /** `redis://` or `rediss://`; its credentials are never logged. */
  readonly url: string;
  /** Instances of one gateway share their keys; other gateways have others. */
  readonly gateway: string;
  readonly clock: Clock;
  readonly log?: GatewayLog | undefined;
  readonly metrics?: StoreMetrics | undefined;
  /** What one command may take. Default 50 ms. */
  readonly budgetMs?: number | undefined;
}

/**
 * The shared store: one connection with a budget for each command and a breaker of its own, so that Redis being
 * away costs a few requests that budget and then none anything. The class is the injection token; without `REDIS_URL` it is
 * not provided at all.
 */
export class RedisConnection implements OnApplicationShutdown {
  readonly #parts: RedisConnectionParts;
  readonly #budgetMs: number;
  readonly #redis: Redis;
  readonly #breaker: StoreBreaker;
  readonly #instances: LiveInstances;
  readonly #line: ExpiryLine;
  #silentProbes = 0;
  #isGathering = false;

  /** Connects, waiting 500 ms at most: a gateway starts without Redis too. */
  static async open(parts: RedisConnectionParts): Promise<RedisConnection> {
    const connection = new RedisConnection(parts, await createRedisClient(parts.url, parts.gateway));
    await connection.#start();
    return connection;
  }

  private constructor(parts: RedisConnectionParts, redis: Redis) {
    const { clock } = parts;
    this.#parts = parts;
    this.#budgetMs = parts.budgetMs ?? 50;
    this.#line = new ExpiryLine(clock);
    this.#redis = redis;
    this.#breaker = new StoreBreaker({
      clock,
      probe: () => this.#probe(),
      onChange: (isOpen) => this.#changed(isOpen),
    });
    this.#instances = new LiveInstances({
      clock,
      key: this.key('instances'),
      execute: (command) => this.execute(command),
      onCount: (count) => parts.metrics?.instances(count),
    });
  }

  /** False while commands would be refused: ask first where a fallback is at hand. */
  get available(): boolean {
    return !this.#breaker.isOpen;
  }

  /** Live instances of this gateway at the last heartbeat, at least 1. */
  get instances(): number {
    return Math.max(1, this.#instances.count);
  }

  /** A key of this gateway. All share one hash tag, so that one script may touch several of them in a cluster. */
  key(name: string): string {
    return `{facet:${this.#parts.gateway}}:${name}`;
  }

  /** A key that all gateways of the family share. */
  familyKey(name: string): string {
    return `{facet}:${name}`;
  }

  /**
   * Runs one command, or one script.
   * @throws StoreUnavailable when the budget is used up, at any error, and at once while the breaker is open
   */
  execute<T>(command: (redis: Redis) => Promise<T>): Promise<T> {
    const { clock, metrics } = this.#parts;
    if (this.#breaker.isOpen) {
      metrics?.command('refused');
      return Promise.reject(new StoreUnavailable());
    }
    return withinBudget(this.#line, clock, this.#sent(command), this.#budgetMs, this.#outcome);
  }

  readonly #outcome: BudgetOutcome = {
    succeeded: () => {
      this.#breaker.succeeded();
      this.#parts.metrics?.command('ok');
    },
    failed: (cause) => {
      this.#breaker.failed();
      this.#parts.metrics?.command(cause instanceof BudgetExceeded ? 'timeout' : 'error');
      return new StoreUnavailable({ cause });
    },
  };

  /** For `/health`: away is degraded and never down, as every use has a fallback. */
  health(): HealthReport {
    return {
      state: this.available ? 'up' : 'degraded',
      details: { connection: this.#redis.status, liveInstances: this.instances },
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#instances.stop();
    this.#breaker.stop();
    this.#redis.disconnect();
  }

  /**
   * Commands of one turn of the event loop leave together, at its end: a write to the socket costs more than a command,
   * and the answers come back in one piece, too.
   */
  #sent<T>(command: (redis: Redis) => Promise<T>): Promise<T> {
    const { stream } = this.#redis;
    // Before the first connection there is none.
    if (!this.#isGathering && (stream as typeof stream | undefined) !== undefined) {
      this.#isGathering = true;
      stream.cork();
      setImmediate(() => {
        this.#isGathering = false;
        stream.uncork();
      });
    }
    try {
      return command(this.#redis);
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  async #start(): Promise<void> {
    this.#parts.metrics?.up(false);
    // Without a listener the client writes every failed attempt to the console; the breaker tells changes once.
    this.#redis.on('error', () => undefined);
    this.#redis.on('close', () => this.#breaker.open());
    const inUse = new Promise<void>((resolve) => {
      this.#redis.on('ready', () => void this.#breaker.probe().then(resolve));
    });
    this.#redis.connect().catch(() => undefined);
    await withinBudget(this.#line, this.#parts.clock, inUse, startWaitMs).catch(() => {
      this.#parts.log?.warn('shared store is away, limits are local', { context: 'store' });
      return this.#breaker.probe();
    });
    await this.#instances.start();
  }

  async #probe(): Promise<void> {
    const { status } = this.#redis;
    try {
      if (status !== 'ready') throw new StoreUnavailable();
      await withinBudget(this.#line, this.#parts.clock, this.#redis.ping(), this.#budgetMs);
      this.#silentProbes = 0;
    } catch (error) {
      const isSilent = status === 'ready' || status === 'connect';
      this.#silentProbes = isSilent ? this.#silentProbes + 1 : 0;
      if (this.#silentProbes >= silentProbes) {
        this.#silentProbes = 0;
        this.#redis.disconnect(true);
      }
      throw error;
    }
  }

  #changed(isOpen: boolean): void {
    const { log, metrics } = this.#parts;
    metrics?.up(!isOpen);
    if (isOpen) log?.warn('shared store is away, limits are local', { context: 'store' });
    else {
      log?.info('shared store is in use', { context: 'store' });
      void this.#instances.beat();
    }
  }
}
