import { type CacheRecord } from '../stored-response.ts';
import { CacheStore } from './cache-store.ts';
import { LabelIndex } from './label-index.ts';
import { type Link, Recency } from './recency.ts';

interface Slot {
  readonly key: string;
  readonly record: CacheRecord;
  readonly bytes: number;
}

export interface MemoryCacheStoreOptions {
  /** Bodies, headers, keys and overhead together. Default 64 MiB. */
  readonly maxBytes?: number;
}

/** Answers in this process, the longest unused leaving first when the bytes run out. */
export class MemoryCacheStore extends CacheStore {
  readonly #maxBytes: number;
  readonly #slots = new Map<string, Link<Slot>>();
  readonly #recency = new Recency<Slot>();
  readonly #labels = new LabelIndex();
  #bytes = 0;

  constructor({ maxBytes = 64 * 1024 * 1024 }: MemoryCacheStoreOptions = {}) {
    super();
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#slots.size;
  }

  override get(key: string): CacheRecord | undefined {
    const link = this.#slots.get(key);
    if (link === undefined) return undefined;
    this.#recency.touch(link);
    return link.value.record;
  }

  /** A record that would take more than an eighth of the room is not taken: it would push out too much. */
  override set(key: string, record: CacheRecord): void {
    this.delete(key);
    const bytes = record.bytes + 2 * key.length;
    if (bytes > this.#maxBytes / 8) return;
    this.#slots.set(key, this.#recency.add({ key, record, bytes }));
    this.#labels.add(record.labels, key);
    this.#bytes += bytes;
    while (this.#bytes > this.#maxBytes && this.#recency.oldest) this.delete(this.#recency.oldest.key);
  }

  override delete(key: string): void {
    const link = this.#slots.get(key);
    if (link === undefined) return;
    this.#slots.delete(key);
    this.#recency.remove(link);
    this.#labels.remove(link.value.record.labels, key);
    this.#bytes -= link.value.bytes;
  }

  clear(): void {
    while (this.#recency.oldest) this.delete(this.#recency.oldest.key);
  }

  override purge(label: string): number {
    const keys = this.#labels.keysOf(label);
    for (const key of keys) this.delete(key);
    return keys.length;
  }
}
