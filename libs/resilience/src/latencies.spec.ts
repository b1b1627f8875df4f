import { describe, expect, it } from '@jest/globals';
import { Latencies } from './latencies.ts';

describe('Latencies', () => {
  it('knows nothing before ten calls', () => {
    const latencies = new Latencies();
    for (let n = 0; n < 9; n++) latencies.record(100);
    expect(latencies.quantile(0.5)).toBeUndefined();
    expect(latencies.typicalMs).toBe(0);
  });

  it('finds quantiles, at most a fifth too high', () => {
    const latencies = new Latencies();
    for (let ms = 1; ms <= 100; ms++) latencies.record(ms);
    for (const share of [0.5, 0.95]) {
      expect(latencies.quantile(share)).toBeGreaterThanOrEqual(share * 100);
      expect(latencies.quantile(share)).toBeLessThan(share * 100 * 1.21);
    }
  });

  it('follows a route that has become slow', () => {
    const latencies = new Latencies();
    for (let n = 0; n < 5_000; n++) latencies.record(10);
    for (let n = 0; n < 2_000; n++) latencies.record(1_000);
    expect(latencies.typicalMs).toBeGreaterThan(900);
  });

  it.each([0, 0.2, 1e9])('takes a latency of %d ms', (ms) => {
    const latencies = new Latencies();
    for (let n = 0; n < 20; n++) latencies.record(ms);
    expect(latencies.quantile(0.99)).toBeGreaterThanOrEqual(1);
  });
});
