import { FakeClock } from '@facet/testing';
import { describe, expect, it } from '@jest/globals';
import { FailureLimit } from './failure-limit.ts';

function setUp(maxAddresses = 100) {
  const clock = new FakeClock();
  const limit = new FailureLimit(clock, { failures: 20, windowMs: 60_000, maxAddresses });
  const fail = (address: string, times = 1): void => {
    for (let i = 0; i < times; i++) limit.record(address);
  };
  return { clock, limit, fail };
}

describe('FailureLimit', () => {
  it('lets 20 failures pass, then one in 3 s', async () => {
    const { clock, limit, fail } = setUp();
    fail('192.0.2.1', 19);
    expect(limit.waitMs('192.0.2.1')).toBe(0);
    fail('192.0.2.1');
    expect(limit.waitMs('192.0.2.1')).toBe(3_000);
    await clock.advance(2_999);
    expect(limit.waitMs('192.0.2.1')).toBe(1);
    await clock.advance(1);
    expect(limit.waitMs('192.0.2.1')).toBe(0);
    fail('192.0.2.1');
    expect(limit.waitMs('192.0.2.1')).toBe(3_000);
  });

  it('forgives everything after a minute', async () => {
    const { clock, limit, fail } = setUp();
    fail('192.0.2.1', 20);
    await clock.advance(60_000);
    fail('192.0.2.1', 19);
    expect(limit.waitMs('192.0.2.1')).toBe(0);
  });

  it('counts addresses apart, IPv6 by /64', () => {
    const { limit, fail } = setUp();
    fail('192.0.2.1', 20);
    expect(limit.waitMs('192.0.2.2')).toBe(0);
    for (let host = 1; host <= 20; host++) fail(`2001:db8:0:1::${host.toString(16)}`);
    expect(limit.waitMs('2001:db8:0:1:ffff::1')).toBe(3_000);
    expect(limit.waitMs('2001:db8:0:2::1')).toBe(0);
  });

  it('holds a bounded number of addresses, those that failed last', () => {
    const { limit, fail } = setUp(100);
    fail('192.0.2.1', 20);
    for (let i = 0; i < 1_000; i++) {
      fail(`198.51.100.${i}`);
      if (i % 50 === 0) fail('192.0.2.1');
    }
    expect(limit.size).toBe(100);
    expect(limit.waitMs('192.0.2.1')).toBeGreaterThan(0);
  });

  it('is not moved by the wall clock', () => {
    const { clock, limit, fail } = setUp();
    fail('192.0.2.1', 20);
    clock.jumpWallTo(clock.now() + 3_600_000);
    expect(limit.waitMs('192.0.2.1')).toBe(3_000);
  });
});
