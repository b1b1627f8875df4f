import { randomUUID } from 'node:crypto';
import { type Clock, type TimerHandle } from '@facet/context';
import { type Redis } from 'ioredis';
import { RedisScript } from './redis-script.ts';

const beatMs = 2000;
/** Three missed beats. */
const goneAfterMs = 6000;

const beatScript = new RedisScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. string.format('%.0f', now - ARGV[2]))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return redis.call('ZCARD', KEYS[1])
`);

export interface LiveInstancesParts {
  readonly clock: Clock;
  readonly key: string;
  readonly execute: <T>(command: (redis: Redis) => Promise<T>) => Promise<T>;
  readonly onCount: (count: number) => void;
}

/**
 * Counts the instances that share the store by a heartbeat on its clock: one joins within 2 s and is forgotten 6 s
 * after its last beat. While the store is away the last count stands; before the first beat it is 1.
 */
export class LiveInstances {
  readonly #parts: LiveInstancesParts;
  readonly #self = randomUUID();
  #count = 1;
  #timer: TimerHandle | undefined;
  #isStopped = false;

  constructor(parts: LiveInstancesParts) {
    this.#parts = parts;
  }

  get count(): number {
    return this.#count;
  }

  /** Beats now and from now on; called once. */
  async start(): Promise<void> {
    await this.beat();
    if (this.#isStopped) return;
    this.#timer = this.#parts.clock.setTimeout(() => void this.start(), beatMs);
  }

  /** Beats once, out of turn: the store is back. */
  async beat(): Promise<void> {
    const { execute, key, onCount } = this.#parts;
    try {
      this.#count = Number(await execute((redis) => beatScript.run(redis, [key], [this.#self, goneAfterMs])));
      onCount(this.#count);
    } catch {
      // The store is away: its breaker knows, and the next beat tries again.
    }
  }

  /** Leaves, so that the others share the limits among fewer at once. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer !== undefined) this.#parts.clock.clearTimeout(this.#timer);
    const { execute, key } = this.#parts;
    await execute((redis) => redis.zrem(key, this.#self)).catch(() => undefined);
  }
}
