import { anonymous } from '@facet/context';
import { FakeClock } from '@facet/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Revocation } from './revocation.ts';
import { type RevocationNews, RevocationStore } from './revocation.store.ts';
import { Revocations } from './revocations.ts';

/** What several instances share, away when told. */
class SharedList {
  entries: Revocation[] = [];
  isAway = false;
}

class ListStore extends RevocationStore {
  #read = 0;
  constructor(private readonly list: SharedList) {
    super();
  }
  override add(revocations: readonly Revocation[]): Promise<void> {
    if (this.list.isAway) return Promise.reject(new Error('away'));
    this.list.entries.push(...revocations);
    return Promise.resolve();
  }
  override news(): Promise<RevocationNews> {
    if (this.list.isAway) return Promise.reject(new Error('away'));
    const hasLost = this.#read > this.list.entries.length;
    if (hasLost) this.#read = 0;
    const next = this.list.entries.slice(this.#read, this.#read + 1);
    this.#read += next.length;
    return Promise.resolve({ added: next, hasLost, hasMore: this.#read < this.list.entries.length });
  }
}

describe('Revocations', () => {
  let clock: FakeClock;
  let list: SharedList;
  const instance = async (): Promise<Revocations> => {
    const revocations = new Revocations(new ListStore(list), clock);
    await revocations.onModuleInit();
    return revocations;
  };
  const session = (sessionId: string) => ({
    principal: { ...anonymous, subject: 'usr_1', sessionId },
    issuedAtMs: clock.now(),
  });
  const key = (keyId: string) => ({ principal: { ...anonymous, subject: 'shop', keyId }, issuedAtMs: 0 });

  beforeEach(() => {
    clock = new FakeClock();
    list = new SharedList();
  });

  it('counts at once here and within 2 s on every other instance', async () => {
    const [here, there] = [await instance(), await instance()];
    await here.revoke('session', 's1');
    expect([here.refuses(session('s1')), here.refuses(session('s2'))]).toEqual([true, false]);
    expect(there.refuses(session('s1'))).toBe(false);
    await clock.advance(2000);
    expect(there.refuses(session('s1'))).toBe(true);
  });

  it('tells a new instance all there is', async () => {
    const here = await instance();
    for (const id of ['s1', 's2', 's3']) await here.revoke('session', id);
    expect((await instance()).size).toBe(3);
  });

  it('takes a key for good and a subject up to now', async () => {
    const here = await instance();
    await here.revoke('key', 'k1');
    await here.revoke('subject', 'usr_1');
    expect([here.refuses(key('k1')), here.refuses(key('k2'))]).toEqual([true, false]);
    const before = session('s1');
    await clock.advance(1);
    expect([here.refuses(before), here.refuses(session('s1'))]).toEqual([true, false]);
  });

  it('forgets a subject after a day, and a key never', async () => {
    const here = new Revocations(new ListStore(list), clock);
    await here.revoke('key', 'k1');
    await here.revoke('subject', 'usr_1');
    here.onModuleDestroy();
    await clock.advance(86_400_000);
    await here.refresh();
    expect([here.refuses(key('k1')), here.size]).toEqual([true, 1]);
  });

  it('forgets what has ended, and the longest of several ends counts', async () => {
    const here = await instance();
    await here.revoke('session', 's1', 10_000);
    await here.revoke('session', 's1', 5_000);
    await clock.advance(9_000);
    expect(here.refuses(session('s1'))).toBe(true);
    await clock.advance(2_000);
    expect([here.refuses(session('s1')), here.size]).toEqual([false, 0]);
  });

  it('tells once what is revoked again and again, but a subject each time', async () => {
    const here = await instance();
    for (let i = 0; i < 10; i++) {
      await here.revoke('key', 'k1');
      await here.revoke('session', 's1', 10_000 - i * 1_000);
      await here.revoke('subject', 'usr_1');
      await clock.advance(1);
    }
    const told = (kind: string) => list.entries.filter((entry) => entry.kind === kind).length;
    expect([told('key'), told('session'), told('subject')]).toEqual([1, 1, 10]);
  });

  it('goes on with what it knows while the store is away, and tells the rest on its return', async () => {
    const [here, there] = [await instance(), await instance()];
    await here.revoke('session', 's1');
    await clock.advance(2000);
    list.isAway = true;
    await here.revoke('session', 's2');
    await clock.advance(60_000);
    expect([here.refuses(session('s1')), here.refuses(session('s2'))]).toEqual([true, true]);
    expect(there.refuses(session('s1'))).toBe(true);
    list.isAway = false;
    await clock.advance(4000);
    expect(there.refuses(session('s2'))).toBe(true);
  });

  it('tells again what the store has lost', async () => {
    const here = await instance();
    await here.revoke('session', 's1');
    list.entries = [];
    await clock.advance(4000);
    expect((await instance()).refuses(session('s1'))).toBe(true);
  });

  it('leaves no timer behind', async () => {
    const here = await instance();
    here.onModuleDestroy();
    await here.refresh();
    expect(clock.pendingTimers).toBe(0);
  });
});
