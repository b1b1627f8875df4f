import { createHash } from 'node:crypto';
import { type Clock } from '@facet/context';
import { type RedisConnection, type RedisScript } from '@facet/store';
import { type CacheRecord, StoredResponse } from '../../stored-response.ts';
import { CacheStore } from '../cache-store.ts';
import { type MemoryCacheStore } from '../memory.cache-store.ts';
import { RecordCodec } from './record-codec.ts';
import { deleteScript, purgeScript, setScript } from './scripts.ts';

export interface RedisCacheStoreParts {
  readonly connection: Pick<RedisConnection, 'available' | 'execute' | 'key'>;
  readonly clock: Clock;
  /** Stands in while Redis is away, and is emptied when it is back. */
  readonly memory: MemoryCacheStore;
  /** Records of this gateway in Redis together, compressed. Default 256 MiB. */
  readonly maxBytes?: number;
  /** A compressed record over this is not stored: it would take too much of a command's 50 ms. Default 512 KiB. */
  readonly maxRecordBytes?: number;
}

const mib = 1024 * 1024;
/** How long an answer that may only be asked about is kept to be asked about. */
const confirmableMs = 3_600_000;
const maxLifetimeMs = 7 * 86_400_000;

/**
 * Answers that all instances of a gateway share, compressed, each read one round trip. What ends first leaves first
 * when the bytes run out. While Redis is away every instance keeps to its own memory.
 */
export class RedisCacheStore extends CacheStore {
  readonly #parts: RedisCacheStoreParts;
  readonly #codec: RecordCodec;
  /** Wall time: a purge did not get through then, so what was stored before may be outdated. */
  #distrustedUntilMs = -Infinity;

  constructor(parts: RedisCacheStoreParts) {
    super();
    this.#parts = parts;
    this.#codec = new RecordCodec(parts.clock);
  }

  override async get(key: string): Promise<CacheRecord | undefined> {
    const { connection, memory } = this.#parts;
    if (!connection.available) return memory.get(key);
    memory.clear();
    try {
      const bytes = await connection.execute((redis) =>
        redis.getBuffer(this.#key(`record:${memberOf(key)}`)),
      );
      const decoded = bytes === null ? undefined : await this.#codec.decode(bytes);
      return decoded && decoded.storedAtMs > this.#distrustedUntilMs ? decoded.record : undefined;
    } catch {
      return undefined;
    }
  }

  override async set(key: string, record: CacheRecord): Promise<void> {
    const { connection, clock, memory, maxBytes = 256 * mib, maxRecordBytes = mib / 2 } = this.#parts;
    if (!connection.available) {
      memory.set(key, record);
      return;
    }
    const bytes = await this.#codec.encode(record);
    const lifetimeMs = Math.ceil(lifetimeOf(record, clock.monotonic()));
    if (bytes.length > maxRecordBytes || lifetimeMs <= 0) await this.delete(key);
    else
      await this.#run(setScript, [
        memberOf(key),
        bytes,
        lifetimeMs,
        maxBytes,
        ...record.labels.map(memberOf),
      ]);
  }

  override async delete(key: string): Promise<void> {
    this.#parts.memory.delete(key);
    if ((await this.#run(deleteScript, [memberOf(key)])) === undefined) this.#distrust();
  }

  override async purge(label: string): Promise<number> {
    const local = this.#parts.memory.purge(label);
    const purged = await this.#run(purgeScript, [memberOf(label)]);
    if (purged === undefined) this.#distrust();
    return local + Number(purged ?? 0);
  }

  #distrust(): void {
    this.#distrustedUntilMs = this.#parts.clock.now();
  }

  /** @returns undefined when Redis did not take it */
  async #run(script: RedisScript, args: readonly (string | number | Buffer)[]): Promise<unknown> {
    try {
      // A Buffer is sent as it is, though the script's signature does not say so.
      const sent = args as readonly (string | number)[];
      return await this.#parts.connection.execute((redis) => script.run(redis, [this.#key('')], sent));
    } catch {
      return undefined;
    }
  }

  #key(name: string): string {
    return this.#parts.connection.key(`cache:${name}`);
  }
}

/** Keys and labels hold paths, subjects and variants of any length. */
function memberOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function lifetimeOf(record: CacheRecord, nowMs: number): number {
  if (!(record instanceof StoredResponse)) return maxLifetimeMs;
  const { freshUntilMs, staleWhileRevalidateUntilMs, staleIfErrorUntilMs, etag, lastModified } = record.head;
  const confirmableUntilMs =
    etag === undefined && lastModified === undefined ? -Infinity : nowMs + confirmableMs;
  const untilMs = Math.max(
    freshUntilMs,
    staleWhileRevalidateUntilMs,
    staleIfErrorUntilMs,
    confirmableUntilMs,
  );
  return Math.min(untilMs - nowMs, maxLifetimeMs);
}
