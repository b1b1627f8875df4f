import { cacheStoreContract } from '@facet/testing/caching';
import { describe, expect, it } from '@jest/globals';
import { type CacheRecord, VaryMarker } from '../stored-response.ts';
import { MemoryCacheStore } from './memory.cache-store.ts';
import { look, storedAnswer } from './stored-response.fixture.ts';

cacheStoreContract<CacheRecord>('memory', {
  open: () => new MemoryCacheStore(),
  answer: storedAnswer,
  marker: (vary, labels) => new VaryMarker(vary, labels),
  look,
});

describe('MemoryCacheStore', () => {
  const kib = 1024;
  const answer = (bytes: number) => storedAnswer(Buffer.alloc(bytes), ['t:all']);

  it('never holds more than its bytes, the longest unused leaving first', () => {
    const store = new MemoryCacheStore({ maxBytes: 100 * kib });
    for (let index = 0; index < 20; index++) {
      store.set(`key ${index}`, answer(8 * kib));
      store.get('key 0');
      expect(store.bytes).toBeLessThanOrEqual(100 * kib);
    }
    expect(store.get('key 0')).toBeDefined();
    expect(store.get('key 1')).toBeUndefined();
    expect(store.get('key 19')).toBeDefined();
    expect(store.size).toBe(10);
  });

  it('counts what a record takes besides its body, long keys too', () => {
    const store = new MemoryCacheStore();
    store.set('a', answer(0));
    const { bytes } = store;
    expect(bytes).toBeGreaterThan(1_000);
    store.set('k'.repeat(10_000), answer(0));
    expect(store.bytes).toBeGreaterThan(2 * bytes + 10_000);
  });

  it('counts nothing once everything is gone', () => {
    const store = new MemoryCacheStore();
    store.set('a', answer(10));
    store.set('a', answer(20));
    store.set('b', answer(30));
    store.purge('t:all');
    expect([store.bytes, store.size]).toEqual([0, 0]);
  });

  it('does not push everything out for one', () => {
    const store = new MemoryCacheStore({ maxBytes: 64 * kib });
    store.set('small', answer(kib));
    store.set('large', answer(16 * kib));
    expect([store.get('small'), store.get('large')]).toEqual([expect.anything(), undefined]);
  });
});
