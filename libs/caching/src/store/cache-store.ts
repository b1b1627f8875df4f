import { type CacheRecord } from '../stored-response.ts';

/**
 * Where stored answers live. The class is the injection token. Memory answers with plain values, so that a hit stays
 * synchronous; a remote store with promises. A store bounds itself in bytes and never rejects: one that is away has
 * nothing stored.
 */
export abstract class CacheStore {
  abstract get(key: string): CacheRecord | undefined | Promise<CacheRecord | undefined>;
  /** Replaces what is there. The store may drop it at any time, or at once. */
  abstract set(key: string, record: CacheRecord): void | Promise<void>;
  abstract delete(key: string): void | Promise<void>;
  /** Deletes every record that has the label. @returns how many, roughly */
  abstract purge(label: string): number | Promise<number>;
}

/** Labels of a record, for `purge`. */
export const labels = {
  uri: (uri: string) => `u:${uri}`,
  path: (path: string) => `p:${path}`,
  tag: (tag: string) => `t:${tag}`,
};
