import { PassThrough, Readable } from 'node:stream';
import { Deadline } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { FakeClock } from '@facet/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type OriginResponse } from './exchange-types.ts';
import { headerOf, ok, ScriptedCache, textOf } from './scripted-cache.fixture.ts';

let clock: FakeClock;
let scripted: ScriptedCache;
/** Ends the exchanges that wait, in the order they came. */
let landings: ((response: OriginResponse | Error) => void)[];

beforeEach(() => {
  clock = new FakeClock();
  scripted = new ScriptedCache(clock);
  landings = [];
  scripted.answer = () =>
    new Promise((resolve, reject) => {
      landings.push((response) => (response instanceof Error ? reject(response) : resolve(response)));
    });
});

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const many = (count: number) => Array.from({ length: count }, () => scripted.text('/a'));

describe('concurrent misses', () => {
  it('make one request of a thousand', async () => {
    const texts = many(1_000);
    await settle();
    landings[0]?.(ok('shared'));
    expect(new Set(await Promise.all(texts))).toEqual(new Set(['shared']));
    expect(scripted.asked).toHaveLength(1);
    expect(scripted.results.filter((result) => result === 'collapsed')).toHaveLength(999);
  });

  it('stream to those who waited and to those who come while it streams', async () => {
    const body = new PassThrough();
    const first = scripted.ask('/a');
    const second = scripted.ask('/a');
    await settle();
    landings[0]?.({ status: 200, headers: [['Cache-Control', 'max-age=60']], body });
    body.write('one ');
    const early = await Promise.all([first, second]);
    const late = await scripted.ask('/a');
    expect(late.cacheStatus).toBe('facet; fwd=uri-miss; fwd-status=200; stored; collapsed');
    body.end('two');
    expect(await Promise.all([...early, late].map(textOf))).toEqual(['one two', 'one two', 'one two']);
    expect(scripted.asked).toHaveLength(1);
  });

  it('share a confirmation', async () => {
    scripted.answer = () => ok('kept', ['Cache-Control', 'max-age=1'], ['ETag', '"a"']);
    await scripted.text('/a');
    await clock.advance(2_000);
    scripted.answer = async () => {
      await settle();
      return { status: 304, headers: [['ETag', '"a"']], body: Readable.from([]) };
    };
    expect(new Set(await Promise.all(many(100)))).toEqual(new Set(['kept']));
    expect(scripted.asked).toHaveLength(2);
  });

  it('do not share a confirmation that makes the answer private', async () => {
    scripted.answer = () => ok('kept', ['Cache-Control', 'max-age=1'], ['ETag', '"a"']);
    await scripted.text('/a');
    await clock.advance(2_000);
    let asked = 0;
    scripted.answer = async () => {
      await settle();
      const headers = [
        ['ETag', '"a"'],
        ['Cache-Control', 'private'],
      ] as const;
      return asked++ === 0
        ? { status: 304, headers, body: Readable.from([]) }
        : ok(`own ${asked}`, ['Cache-Control', 'private']);
    };
    expect(await Promise.all(many(3))).toEqual(['kept', 'own 2', 'own 3']);
  });

  it('share what befell the upstream', async () => {
    const asked = [scripted.ask('/a'), scripted.ask('/a')];
    await settle();
    landings[0]?.(new GatewayError('connection_refused'));
    const reasons = (await Promise.allSettled(asked)).map(
      (one) => one.status === 'rejected' && one.reason.reason,
    );
    expect(reasons).toEqual(['connection_refused', 'connection_refused']);
    expect(scripted.asked).toHaveLength(1);
  });

  it('do not share what befell the other client', async () => {
    const settled = Promise.allSettled(many(3));
    await settle();
    landings[0]?.(new GatewayError('client_closed_request'));
    await settle();
    landings[1]?.(ok('shared'));
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(scripted.asked).toHaveLength(2);
  });

  it('go on their own, side by side, when the answer is for one alone', async () => {
    const texts = many(50);
    await settle();
    expect(landings).toHaveLength(1);
    landings[0]?.(ok('private', ['Cache-Control', 'private'], ['Set-Cookie', 'secret']));
    await settle();
    expect(landings).toHaveLength(50);
    landings.slice(1).forEach((land, index) => land(ok(`own ${index}`, ['Cache-Control', 'private'])));
    expect(new Set(await Promise.all(texts)).size).toBe(50);
  });

  it('do not wait for one another again for a while after that', async () => {
    const first = many(1);
    await settle();
    landings[0]?.(ok('private', ['Cache-Control', 'private']));
    await Promise.all(first);
    void many(5);
    await settle();
    expect(landings).toHaveLength(6);
    await clock.advance(10_001);
    void many(5);
    await settle();
    expect(landings).toHaveLength(7);
  });

  it('find the variant each of them chooses', async () => {
    const asked = ['1', '2', '1', '2'].map((foo) => scripted.text('/a', { headers: [['Foo', foo]] }));
    await settle();
    const varied = (body: string) => ok(body, ['Cache-Control', 'max-age=60'], ['Vary', 'Foo']);
    landings[0]?.(varied('first'));
    await settle();
    landings[1]?.(varied('second'));
    expect(await Promise.all(asked)).toEqual(['first', 'second', 'first', 'second']);
    expect(scripted.asked).toHaveLength(2);
  });

  it('do not wait when they want the origin’s word now', async () => {
    void scripted.text('/a');
    void scripted.text('/a', { headers: [['Cache-Control', 'no-cache']] });
    await settle();
    expect(scripted.asked).toHaveLength(2);
  });

  it('never wait across identities', async () => {
    void scripted.text('/a', { identityKey: 'ann' });
    void scripted.text('/a', { identityKey: 'bob' });
    await settle();
    expect(scripted.asked).toHaveLength(2);
  });
});

describe('a client who leaves', () => {
  const leaving = () => {
    const client = new AbortController();
    return { client, asked: scripted.ask('/a', { signal: client.signal }).catch((error: unknown) => error) };
  };

  it('ends the request to the origin when nobody else waits', async () => {
    const { client, asked } = leaving();
    await settle();
    client.abort(new GatewayError('client_closed_request'));
    expect(await asked).toMatchObject({ reason: 'client_closed_request' });
    expect(scripted.asked[0]?.signal.aborted).toBe(true);
  });

  it('does not end it for others, and its private answer goes to nobody', async () => {
    const { client } = leaving();
    const other = scripted.text('/a');
    await settle();
    client.abort();
    expect(scripted.asked[0]?.signal.aborted).toBe(false);
    const body = new PassThrough();
    landings[0]?.({ status: 200, headers: [['Cache-Control', 'private']], body });
    await settle();
    expect(body.destroyed).toBe(true);
    landings[1]?.(ok('own', ['Cache-Control', 'private']));
    expect(await other).toBe('own');
  });

  it('ends a body nobody reads any more, and it is not stored', async () => {
    const body = new PassThrough();
    const { asked } = leaving();
    const other = scripted.ask('/a');
    await settle();
    landings[0]?.({ status: 200, headers: [['Cache-Control', 'max-age=60']], body });
    const responses = [await asked, await other] as { body: Readable }[];
    responses[0]?.body.destroy();
    await settle();
    expect(body.destroyed).toBe(false);
    responses[1]?.body.destroy();
    await settle();
    expect([body.destroyed, scripted.store.size]).toEqual([true, 0]);
  });
});

describe('a deadline', () => {
  it('ends a wait for another’s answer, and no timer is left', async () => {
    const first = scripted.text('/a');
    const second = scripted.ask('/a', { deadline: Deadline.after(clock, 100) });
    await settle();
    const refused = expect(second).rejects.toMatchObject({ reason: 'deadline_exceeded' });
    await clock.advance(100);
    await refused;
    landings[0]?.(ok('late'));
    expect(await first).toBe('late');
    expect(clock.pendingTimers).toBe(0);
  });

  it('of another that was nearer is no reason to fail', async () => {
    const first = scripted.ask('/a', { deadline: Deadline.after(clock, 100) }).catch(() => undefined);
    const second = scripted.text('/a', { deadline: Deadline.after(clock, 10_000) });
    await settle();
    landings[0]?.(new GatewayError('upstream_timeout'));
    await settle();
    landings[1]?.(ok('in time'));
    expect([await first, await second]).toEqual([undefined, 'in time']);
  });
});

describe('stale-while-revalidate', () => {
  beforeEach(async () => {
    const held = scripted.answer;
    scripted.answer = () => ok('old', ['Cache-Control', 'max-age=1, stale-while-revalidate=60']);
    await scripted.text('/a');
    await clock.advance(2_000);
    scripted.answer = held;
  });

  it('answers at once and asks once, under a signal of its own', async () => {
    const client = new AbortController();
    const texts = await Promise.all([scripted.text('/a', { signal: client.signal }), ...many(99)]);
    expect(new Set(texts)).toEqual(new Set(['old']));
    expect(scripted.asked).toHaveLength(2);
    client.abort();
    expect(scripted.asked[1]).toMatchObject({ background: true, signal: { aborted: false } });
    landings[0]?.(ok('new'));
    await settle();
    await settle();
    expect(await scripted.text('/a')).toBe('new');
  });

  it('tries a failed refresh again, but not at every request', async () => {
    await scripted.text('/a');
    landings[0]?.(new GatewayError('connection_refused'));
    await settle();
    await Promise.all(many(10));
    expect(scripted.asked).toHaveLength(2);
    await clock.advance(1_001);
    await Promise.all(many(10));
    expect(scripted.asked).toHaveLength(3);
  });

  it('goes on when one who waited for it leaves', async () => {
    await scripted.text('/a');
    await clock.advance(60_000);
    const client = new AbortController();
    const waiting = scripted.ask('/a', { signal: client.signal }).catch(() => 'gone');
    await settle();
    client.abort();
    expect([await waiting, scripted.asked.length, scripted.asked[1]?.signal.aborted]).toEqual([
      'gone',
      2,
      false,
    ]);
  });

  it('lets go of a refresh that may not be stored', async () => {
    await scripted.text('/a');
    const body = new PassThrough();
    landings[0]?.({ status: 200, headers: [['Cache-Control', 'private']], body });
    await settle();
    expect([body.destroyed, scripted.store.size]).toEqual([true, 0]);
  });
});

describe('a change while an answer is on its way', () => {
  it('keeps the older answer out of the store', async () => {
    const reading = scripted.text('/a');
    await settle();
    const held = scripted.answer;
    scripted.answer = () => ok('done', ['A', '1']);
    await scripted.text('/a', { method: 'POST' });
    scripted.answer = held;
    landings[0]?.(ok('older'));
    expect(await reading).toBe('older');
    const after = scripted.ask('/a');
    await settle();
    landings[1]?.(ok('newer'));
    expect(headerOf(await after, 'cache-status')).toContain('fwd=uri-miss');
  });
});
