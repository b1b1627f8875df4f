import { describe, expect, it } from '@jest/globals';
import { Counter, Histogram, Registry } from 'prom-client';
import { HotCounter, HotHistogram } from './hot-metric.ts';

const bounds = [0.1, 0.5, 1];
const values = [0.05, 0.1, 0.3, 0.5, 0.7, 1, 5];

describe('hot metrics', () => {
  it('read exactly as those of prom-client', async () => {
    const theirs = new Registry();
    const histogram = new Histogram({
      name: 'h',
      help: 'H',
      buckets: bounds,
      labelNames: ['a'],
      registers: [theirs],
    });
    const counter = new Counter({ name: 'c', help: 'C', labelNames: ['a'], registers: [theirs] });
    const ours = new Registry();
    const hotHistogram = new HotHistogram('h', 'H', bounds, ours);
    const hotCounter = new HotCounter('c', 'C', ours);
    const series = hotHistogram.with({ a: 'x"y' });
    const count = hotCounter.with({ a: 'x"y' });
    for (const value of values) {
      histogram.observe({ a: 'x"y' }, value);
      hotHistogram.observe(series, value);
      counter.inc({ a: 'x"y' });
      count.count++;
    }
    expect(await ours.metrics()).toBe(await theirs.metrics());
  });

  it('can be reset through the registry', async () => {
    const registry = new Registry();
    const counter = new HotCounter('c', 'C', registry);
    const histogram = new HotHistogram('h', 'H', bounds, registry);
    counter.with({}).count = 3;
    histogram.observe(histogram.with({}), 2);
    registry.resetMetrics();
    expect(await registry.metrics()).toMatch(/^c 0$/m);
    expect(await registry.metrics()).toMatch(/^h_count 0$/m);
  });
});
