import { createSecretKey } from 'node:crypto';
import { anonymous } from '@facet/context';
import { FakeClock } from '@facet/testing';
import { describe, expect, it } from '@jest/globals';
import { VerificationKey } from '../keys/verification-key.ts';
import { TokenCache, type VerifiedToken } from './token-cache.ts';

const key = (): VerificationKey =>
  new VerificationKey('k', 'HS256', createSecretKey(Buffer.alloc(32)), 'secret');

function setUp(maxEntries = 10) {
  const clock = new FakeClock();
  const entry = (lifetimeMs = 60_000, by = key()): VerifiedToken => ({
    principal: anonymous,
    issuedAtMs: clock.now(),
    expiresAtMs: clock.now() + lifetimeMs,
    key: by,
  });
  return { clock, entry, cache: new TokenCache(clock, maxEntries) };
}

describe('TokenCache', () => {
  it('answers until exp and not a millisecond longer', async () => {
    const { cache, clock, entry } = setUp();
    cache.set('t', entry(1_000));
    await clock.advance(999);
    expect(cache.get('t')?.principal).toBe(anonymous);
    await clock.advance(1);
    expect(cache.get('t')).toBeUndefined();
  });

  it('does not keep what is over already', () => {
    const { cache, entry } = setUp();
    cache.set('t', entry(0));
    expect(cache.size).toBe(0);
  });

  it('forgets what a retired key verified', () => {
    const { cache, entry } = setUp();
    const [retired, other] = [key(), key()];
    cache.set('a', entry(60_000, retired));
    cache.set('b', entry(60_000, other));
    retired.retired = true;
    expect(cache.get('a')).toBeUndefined();
    expect(cache.get('b')?.principal).toBe(anonymous);
  });

  it('tells tokens apart by their last character', () => {
    const { cache, entry } = setUp();
    cache.set('aaaa.bbbb.cccc', entry());
    expect(cache.get('aaaa.bbbb.cccd')).toBeUndefined();
  });

  it('never holds more than its bound and keeps what is in use', () => {
    const { cache, entry } = setUp(10);
    cache.set('busy', entry());
    for (let i = 0; i < 1_000; i++) {
      cache.set(`t${i}`, entry());
      expect(cache.size).toBeLessThanOrEqual(10);
      expect(cache.get('busy')?.principal).toBe(anonymous);
    }
    expect(cache.get('t0')).toBeUndefined();
    expect(cache.get('t999')?.principal).toBe(anonymous);
  });

  it('counts hits and misses', () => {
    const { cache, entry } = setUp();
    cache.set('t', entry());
    cache.get('t');
    cache.get('t');
    cache.get('u');
    expect(cache).toMatchObject({ hits: 2, misses: 1 });
  });

  it.each([0, 1, Number.NaN])('refuses a bound of %p', (maxEntries) => {
    expect(() => setUp(maxEntries)).toThrow(RangeError);
  });
});
