import { beforeEach, describe, expect, it } from '@jest/globals';

/** A record as the suite sees it: by shape, so that the lib under test may import the suite. */
export interface RecordUnderTest {
  readonly labels: readonly string[];
}

export interface CacheStoreUnderTest<Record extends RecordUnderTest> {
  get(key: string): Record | undefined | Promise<Record | undefined>;
  set(key: string, record: Record): void | Promise<void>;
  delete(key: string): void | Promise<void>;
  purge(label: string): number | Promise<number>;
}

export interface CacheStoreContract<Record extends RecordUnderTest> {
  /** An empty store. */
  open(): CacheStoreUnderTest<Record> | Promise<CacheStoreUnderTest<Record>>;
  /** An answer with this body; purged by these labels. */
  answer(body: Buffer, labels: readonly string[]): Record;
  /** The marker of a URI whose answers vary by these fields. */
  marker(vary: readonly string[], labels: readonly string[]): Record;
  /** What the suite compares: equal for records that are sent alike. */
  look(record: Record): unknown;
}

/** What every `CacheStore` keeps: run by memory and by Redis. */
export function cacheStoreContract<Record extends RecordUnderTest>(
  name: string,
  { open, answer, marker, look }: CacheStoreContract<Record>,
): void {
  describe(`CacheStore contract: ${name}`, () => {
    let store: CacheStoreUnderTest<Record>;
    const found = async (key: string): Promise<unknown> => {
      const record = await store.get(key);
      return record && look(record);
    };

    beforeEach(async () => {
      store = await open();
    });

    it('has nothing at first', async () => {
      expect(await store.get('a')).toBeUndefined();
      await store.delete('a');
      expect(await store.purge('t:none')).toBe(0);
    });

    it('gives back what was set, byte for byte, and forgets what was deleted', async () => {
      const bytes = Buffer.from(Array.from({ length: 5_000 }, (_, index) => index % 256));
      await store.set('a', answer(bytes, ['u:/a']));
      expect(await found('a')).toEqual(look(answer(bytes, ['u:/a'])));
      await store.delete('a');
      expect(await store.get('a')).toBeUndefined();
    });

    it('keeps empty bodies and markers', async () => {
      await store.set('a', answer(Buffer.alloc(0), []));
      await store.set('b', marker(['accept', 'foo'], ['u:/b']));
      expect(await found('a')).toEqual(look(answer(Buffer.alloc(0), [])));
      expect(await found('b')).toEqual(look(marker(['accept', 'foo'], ['u:/b'])));
    });

    it('takes any key', async () => {
      const keys = ['http://a/b?c\nd\n', 'http://a/b?c\nd\n{}"', 'ü', ' '];
      for (const key of keys) await store.set(key, answer(Buffer.from(key), []));
      for (const key of keys) expect(await found(key)).toEqual(look(answer(Buffer.from(key), [])));
    });

    it('replaces', async () => {
      await store.set('a', answer(Buffer.from('old'), ['t:old', 't:both']));
      await store.set('a', answer(Buffer.from('new'), ['t:new', 't:both']));
      expect(await found('a')).toEqual(look(answer(Buffer.from('new'), ['t:new', 't:both'])));
      await store.purge('t:old');
      expect(await found('a')).toBeDefined();
      await store.purge('t:both');
      expect(await found('a')).toBeUndefined();
    });

    it('purges by label, and by that label alone', async () => {
      await store.set('a', answer(Buffer.from('a'), ['t:x', 'u:/a']));
      await store.set('b', answer(Buffer.from('b'), ['t:x', 't:y']));
      await store.set('c', marker(['foo'], ['t:xx']));
      expect(await store.purge('t:x')).toBe(2);
      expect([await found('a'), await found('b'), await found('c')]).toEqual([
        undefined,
        undefined,
        look(marker(['foo'], ['t:xx'])),
      ]);
      expect(await store.purge('t:y')).toBe(0);
    });
  });
}
