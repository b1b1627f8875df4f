import { describe, expect, it } from '@jest/globals';

interface Revocation {
  readonly kind: 'key' | 'session' | 'subject';
  readonly id: string;
  readonly atMs: number;
  readonly untilMs: number;
}

/** A `RevocationStore` as the suite sees it: by shape, so that the lib under test may import the suite. */
interface RevocationStoreUnderTest {
  add(revocations: readonly Revocation[]): Promise<void>;
  news(): Promise<{ readonly added: readonly Revocation[]; readonly hasMore: boolean }>;
}

/** What every `RevocationStore` promises. `make` answers a new and empty one; `atMs` of the test's are now. */
export function describeRevocationStore(name: string, make: () => RevocationStoreUnderTest): void {
  describe(`${name} as a RevocationStore`, () => {
    const atMs = Date.now();
    const revocation = (id: string, more: Partial<Revocation> = {}): Revocation => ({
      kind: 'session',
      id,
      atMs,
      untilMs: atMs + 60_000,
      ...more,
    });
    const allNews = async (store: RevocationStoreUnderTest): Promise<Revocation[]> => {
      const { added, hasMore } = await store.news();
      return hasMore ? [...added, ...(await allNews(store))] : [...added];
    };

    it('has no news at first', async () => {
      expect(await make().news()).toEqual({ added: [], hasLost: false, hasMore: false });
    });

    it('tells what was added, whole and once', async () => {
      const store = make();
      const added = [
        revocation('s1'),
        revocation('key of shop', { kind: 'key', untilMs: Infinity }),
        revocation('ü 1\n', { kind: 'subject' }),
      ];
      await store.add(added);
      expect(await allNews(store)).toEqual(added);
      expect(await allNews(store)).toEqual([]);
      await store.add([revocation('s2')]);
      expect(await store.news()).toEqual({ added: [revocation('s2')], hasLost: false, hasMore: false });
    });

    it('tells many, in as many answers as it likes', async () => {
      const store = make();
      const many = Array.from({ length: 2500 }, (_, index) => revocation(`s${index}`));
      await store.add(many);
      expect(await allNews(store)).toEqual(many);
    });
  });
}
