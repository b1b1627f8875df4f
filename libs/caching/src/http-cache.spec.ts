import { Readable } from 'node:stream';
import { GatewayError } from '@facet/errors';
import { FakeClock } from '@facet/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { headerOf, ok, ScriptedCache, textOf } from './scripted-cache.fixture.ts';

let clock: FakeClock;
let scripted: ScriptedCache;

beforeEach(() => {
  clock = new FakeClock();
  scripted = new ScriptedCache(clock);
});

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Cache-Status', () => {
  it('tells a miss that is stored from the hit after it', async () => {
    expect(headerOf(await scripted.ask('/a'), 'cache-status')).toBe(
      'facet; fwd=uri-miss; fwd-status=200; stored',
    );
    await settle();
    await clock.advance(2_000);
    const hit = await scripted.ask('/a');
    expect(headerOf(hit, 'cache-status')).toBe('facet; hit; ttl=58');
    expect(headerOf(hit, 'age')).toBe('2');
    expect(scripted.results).toEqual(['miss', 'hit']);
  });

  it('comes after what other caches said', async () => {
    scripted.answer = () => ok('x', ['Cache-Control', 'max-age=60'], ['Cache-Status', 'inner; hit']);
    await scripted.text('/a');
    const { headers } = await scripted.ask('/a');
    const members = headers.filter(([name]) => name === 'Cache-Status').map(([, value]) => value);
    expect(members).toEqual(['inner; hit', 'facet; hit; ttl=60']);
  });

  it.each([
    ['a change', { method: 'POST' }, 'facet; fwd=method; fwd-status=200'],
    ['a caller nobody can tell apart', { identityKey: undefined }, 'facet; fwd=bypass; fwd-status=200'],
    ['content on GET', { hasBody: true }, 'facet; fwd=bypass; fwd-status=200'],
    ['no-store', { headers: [['Cache-Control', 'no-store']] as const }, 'facet; fwd=bypass; fwd-status=200'],
    ['a precondition', { headers: [['If-Match', '"a"']] as const }, 'facet; fwd=bypass; fwd-status=200'],
  ])('says why %s was passed on', async (_, request, status) => {
    expect(headerOf(await scripted.ask('/a', request), 'cache-status')).toBe(status);
    await settle();
    expect(scripted.store.size).toBe(0);
  });

  it('tells what was confirmed, and what a client wanted to be asked again', async () => {
    scripted.answer = () => ok('x', ['Cache-Control', 'max-age=1'], ['ETag', '"a"']);
    await scripted.text('/a');
    await clock.advance(2_000);
    scripted.answer = () => ({ status: 304, headers: [['ETag', '"a"']], body: Readable.from([]) });
    expect((await scripted.ask('/a')).cacheStatus).toBe('facet; fwd=stale; fwd-status=304');
    const again = await scripted.ask('/a', { headers: [['Cache-Control', 'no-cache']] });
    expect(again).toMatchObject({ cacheStatus: 'facet; fwd=request; fwd-status=304', result: 'revalidated' });
  });
});

describe('identity', () => {
  it('never shares between two callers, whoever asks in between', async () => {
    let made = 0;
    let wrong = 0;
    const body = (identityKey: string) => `for ${identityKey}`;
    for (let round = 0; round < 20_000; round++) {
      const identityKey = round % 2 === 0 ? 'ann' : 'bob';
      scripted.answer = () => (made++, ok(body(identityKey)));
      if ((await scripted.text('/me', { identityKey })) !== body(identityKey)) wrong++;
    }
    expect({ made, wrong }).toEqual({ made: 2, wrong: 0 });
  });

  it('keeps scopes, hosts and paths apart', async () => {
    await scripted.text('/a');
    for (const other of [{ scope: 'other' }, { origin: 'http://b.test' }, { identityKey: 'x' }]) {
      await scripted.text('/a', other);
    }
    await scripted.text('/a?');
    expect(scripted.asked).toHaveLength(5);
  });

  it('takes an answer to Authorization as one’s own only where nobody else gets it', async () => {
    const asked = { hasAuthorization: true, headers: [['Authorization', 'Bearer a']] as const };
    await scripted.text('/a', asked);
    await scripted.text('/a', asked);
    expect(scripted.asked).toHaveLength(2);
    const own = { ...asked, identityKey: 'ann', policy: { identity: 'perSubject' as const } };
    await scripted.text('/a', own);
    await scripted.text('/a', own);
    expect(scripted.asked).toHaveLength(3);
  });

  it.each(['X-User-Id', 'X-Forwarded-Host', 'Traceparent'])(
    'does not store what varies by %s unless it has seen it',
    async (name) => {
      scripted.answer = () => ok('x', ['Cache-Control', 'max-age=60'], ['Vary', name]);
      await scripted.text('/a');
      expect(scripted.store.size).toBe(0);
      await scripted.text('/a', { headers: [[name, '1']] });
      await scripted.text('/a', { headers: [[name, '1']] });
      expect(scripted.asked).toHaveLength(2);
    },
  );
});

describe('a policy', () => {
  const ttl = { policy: { identity: 'public' as const, ttlMs: 60_000 } };

  it('decides on freshness where the origin does not forbid it', async () => {
    scripted.answer = () => ok('x', ['Cache-Control', 'max-age=0'], ['Age', '90']);
    await scripted.text('/a', ttl);
    await clock.advance(59_000);
    await scripted.text('/a', ttl);
    expect(scripted.asked).toHaveLength(1);
    await clock.advance(2_000);
    await scripted.text('/a', ttl);
    expect(scripted.asked).toHaveLength(2);
  });

  it.each(['no-store', 'private', 'no-cache'])('does not override %s', async (value) => {
    scripted.answer = () => ok('x', ['Cache-Control', value]);
    await scripted.text('/a', ttl);
    await scripted.text('/a', ttl);
    expect(scripted.asked).toHaveLength(2);
  });

  it('does not keep failures', async () => {
    scripted.answer = () => ({ ...ok('x', ['A', '1']), status: 404 });
    await scripted.text('/a', ttl);
    await scripted.text('/a', ttl);
    expect(scripted.asked).toHaveLength(2);
  });

  it('stores cookies only when it says so', async () => {
    scripted.answer = () =>
      ok('x', ['Cache-Control', 'max-age=60'], ['Set-Cookie', 'a=1'], ['Set-Cookie', 'b=2']);
    expect(headerOf(await scripted.ask('/a'), 'set-cookie')).toBe('a=1');
    await scripted.text('/a');
    expect(scripted.asked).toHaveLength(2);
    const policy = { identity: 'public' as const, storeSetCookie: true };
    await scripted.text('/b', { policy });
    const { headers } = await scripted.ask('/b', { policy });
    expect(headers.filter(([name]) => name === 'Set-Cookie')).toHaveLength(2);
    expect(scripted.asked).toHaveLength(3);
  });

  it('lets clients have no say when told to', async () => {
    const deaf = { policy: { identity: 'public' as const, clientDirectives: 'ignore' as const } };
    await scripted.text('/a', deaf);
    await scripted.text('/a', { ...deaf, headers: [['Cache-Control', 'no-cache, no-store']] });
    await scripted.text('/a', { ...deaf, headers: [['Pragma', 'no-cache']] });
    expect(scripted.asked).toHaveLength(1);
  });

  it('gives windows for stale use of its own', async () => {
    const policy = { identity: 'public' as const, staleIfErrorMs: 10_000 };
    scripted.answer = () => ok('x', ['Cache-Control', 'max-age=1']);
    await scripted.text('/a', { policy });
    await clock.advance(5_000);
    scripted.answer = () => Promise.reject(new GatewayError('upstream_unavailable'));
    const stale = await scripted.ask('/a', { policy });
    expect(stale).toMatchObject({ status: 200, result: 'stale', cacheStatus: 'facet; fwd=stale' });
    await clock.advance(10_000);
    await expect(scripted.ask('/a', { policy })).rejects.toMatchObject({ reason: 'upstream_unavailable' });
  });
});

describe('an error that is not the upstream’s', () => {
  it.each([new GatewayError('internal_error'), new Error('a fault of ours')])(
    'is no reason for %s',
    async (error) => {
      scripted.answer = () => ok('x', ['Cache-Control', 'max-age=1, stale-if-error=60']);
      await scripted.text('/a');
      await clock.advance(2_000);
      scripted.answer = () => Promise.reject(error);
      await expect(scripted.ask('/a')).rejects.toBe(error);
    },
  );
});

describe('what is not an answer on its own', () => {
  it.each([206, 304, 416])('is not stored, though it came unasked: %i', async (status) => {
    scripted.answer = () => ({ ...ok('part'), status });
    await scripted.text('/a');
    expect(scripted.store.size).toBe(0);
  });
});

describe('a guess', () => {
  it('is a tenth of what is known, and a day at most', async () => {
    const changedAgo = (days: number) => () =>
      ok('x', ['Last-Modified', new Date(clock.now() - days * 86_400_000).toUTCString()]);
    scripted.answer = changedAgo(5);
    expect(headerOf(await again('/a'), 'cache-status')).toBe('facet; hit; ttl=43200');
    scripted.answer = changedAgo(1_000);
    expect(headerOf(await again('/b'), 'cache-status')).toBe('facet; hit; ttl=86400');
  });

  const again = async (path: string) => (await scripted.text(path), await scripted.ask(path));
});

describe('a condition', () => {
  it('is none for an answer that is no success', async () => {
    scripted.answer = () => ({
      ...ok('gone', ['Cache-Control', 'max-age=60'], ['ETag', '"a"']),
      status: 404,
    });
    await scripted.text('/a');
    const response = await scripted.ask('/a', { headers: [['If-None-Match', '"a"']] });
    expect([response.status, response.result, await textOf(response)]).toEqual([404, 'hit', 'gone']);
  });
});

describe('only-if-cached', () => {
  it('gets a 504 with the reason, and never asks', async () => {
    const asked = scripted.ask('/a', { headers: [['Cache-Control', 'only-if-cached']] });
    await expect(asked).rejects.toMatchObject({
      reason: 'not_cached',
      status: 504,
      options: { headers: { 'Cache-Status': 'facet; fwd=request; detail=only-if-cached' } },
    });
    expect(scripted.asked).toEqual([]);
  });
});

describe('a body', () => {
  it('that breaks off breaks off for the client and is not stored', async () => {
    scripted.answer = () => ({
      ...ok(''),
      body: Readable.from(
        (async function* () {
          yield Buffer.from('half');
          await settle();
          throw new GatewayError('upstream_response_incomplete');
        })(),
      ),
    });
    await expect(scripted.text('/a')).rejects.toMatchObject({ reason: 'upstream_response_incomplete' });
    expect(scripted.store.size).toBe(0);
  });

  it('shorter than it said breaks off too', async () => {
    scripted.answer = () => ok('short', ['Cache-Control', 'max-age=60'], ['Content-Length', '10']);
    await expect(scripted.text('/a')).rejects.toMatchObject({ reason: 'upstream_response_incomplete' });
    expect(scripted.store.size).toBe(0);
  });

  it('over the limit passes and is not stored, whether it said so or not', async () => {
    scripted = new ScriptedCache(clock, { maxEntryBytes: 8 });
    scripted.answer = () => ok('0123456789');
    expect(await scripted.text('/a')).toBe('0123456789');
    scripted.answer = () => ok('0123456789', ['Cache-Control', 'max-age=60'], ['Content-Length', '10']);
    expect((await scripted.ask('/b')).cacheStatus).toBe('facet; fwd=uri-miss; fwd-status=200');
    expect(scripted.store.size).toBe(0);
  });

  it('gets its length told on a hit', async () => {
    await scripted.text('/a');
    expect(headerOf(await scripted.ask('/a'), 'content-length')).toBe('5');
    expect(headerOf(await scripted.ask('/a', { method: 'HEAD' }), 'content-length')).toBe('5');
  });
});

describe('revalidation', () => {
  const tagged = (etag: string, body: string) => () =>
    ok(body, ['Cache-Control', 'max-age=1'], ['ETag', etag]);

  it('asks once more without condition when a 304 speaks of something else', async () => {
    scripted.answer = tagged('"a"', 'old');
    await scripted.text('/a');
    await clock.advance(2_000);
    scripted.answer = ({ headers }) =>
      headers.some(([name]) => name === 'If-None-Match')
        ? { status: 304, headers: [['ETag', '"z"']], body: Readable.from([]) }
        : ok('new', ['Cache-Control', 'max-age=1'], ['ETag', '"z"']);
    expect(await scripted.text('/a')).toBe('new');
    expect(scripted.asked).toHaveLength(3);
  });

  it('stops storing what a 304 makes private, and still answers with it', async () => {
    scripted.answer = tagged('"a"', 'old');
    await scripted.text('/a');
    await clock.advance(2_000);
    scripted.answer = () => ({
      status: 304,
      headers: [
        ['ETag', '"a"'],
        ['Cache-Control', 'private'],
      ],
      body: Readable.from([]),
    });
    expect(await scripted.text('/a')).toBe('old');
    expect(scripted.store.size).toBe(0);
  });

  it('replaces the stored answer by one that may not be stored', async () => {
    scripted.answer = tagged('"a"', 'old');
    await scripted.text('/a');
    await clock.advance(2_000);
    scripted.answer = () => ok('new', ['Cache-Control', 'no-store']);
    await scripted.text('/a');
    expect(scripted.store.size).toBe(0);
  });

  it('leaves the stored answer alone when the origin fails', async () => {
    scripted.answer = tagged('"a"', 'old');
    await scripted.text('/a');
    await clock.advance(2_000);
    scripted.answer = () => ({ ...ok('oops', ['A', '1']), status: 503 });
    expect((await scripted.ask('/a')).status).toBe(503);
    expect(scripted.store.size).toBe(1);
  });

  it('answers the client’s own condition by what came instead', async () => {
    scripted.answer = tagged('"a"', 'old');
    await scripted.text('/a');
    await clock.advance(2_000);
    scripted.answer = tagged('"b"', 'new');
    const response = await scripted.ask('/a', { headers: [['If-None-Match', '"b"']] });
    expect([response.status, await textOf(response)]).toEqual([304, '']);
    await settle();
    expect(await scripted.text('/a')).toBe('new');
  });
});

describe('time', () => {
  it('does not follow the wall clock', async () => {
    await scripted.text('/a');
    clock.jumpWallTo(clock.now() - 86_400_000);
    const hit = await scripted.ask('/a');
    expect([hit.result, headerOf(hit, 'age')]).toEqual(['hit', '0']);
    clock.jumpWallTo(clock.now() + 3 * 86_400_000);
    expect((await scripted.ask('/a')).result).toBe('hit');
    await clock.advance(61_000);
    expect((await scripted.ask('/a')).result).toBe('miss');
  });

  it('counts the wait for an answer as age', async () => {
    scripted.answer = async () => {
      await clock.advance(50_000);
      return ok('x', ['Cache-Control', 'max-age=60']);
    };
    await scripted.text('/a');
    await clock.advance(11_000);
    await scripted.text('/a');
    expect(scripted.asked).toHaveLength(2);
  });
});

describe('purge', () => {
  beforeEach(async () => {
    await scripted.text('/a?x=1', { policy: { identity: 'public', tags: ['things'] } });
    await scripted.text('/a?x=2', { identityKey: 'ann' });
    await scripted.text('/b', { policy: { identity: 'public', tags: ['things', 'more'] } });
  });

  it.each([
    [{ tag: 'things' }, 2],
    [{ tag: 'more' }, 1],
    [{ tag: 'nothing' }, 0],
    [{ path: '/a' }, 2],
    [{ path: '/a?x=1' }, 1],
    [{ path: '/' }, 0],
  ])('deletes what has %j', async (what, count) => {
    expect(await scripted.cache.purge(what)).toBe(count);
    expect(scripted.store.size).toBe(3 - count);
  });

  it('is not undone by what was on its way', async () => {
    let answer: (body: string) => void = () => undefined;
    scripted.answer = () => new Promise((resolve) => (answer = (body) => resolve(ok(body))));
    const old = scripted.text('/c', { policy: { identity: 'public', tags: ['late'] } });
    await settle();
    await scripted.cache.purge({ tag: 'late' });
    answer('old');
    expect(await old).toBe('old');
    scripted.answer = () => ok('new');
    expect(await scripted.text('/c')).toBe('new');
  });
});
