/**
 * `node libs/throttling/src/memory/memory-throttle.store.bench.ts`: 1,000,000 distinct keys, then decisions on random
 * ones. Prints time per decision, memory, and the event loop's delay while a flood goes on in slices of 1 ms.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { systemClock } from '@facet/context';
import { Limit } from '../limit.ts';
import { MemoryThrottleStore } from './memory-throttle.store.ts';

const keys = 1_000_000;
const limit = new Limit({ name: 'free', limit: 100, windowMs: 60_000 }, 'tier');
const keyOf = (index: number) => `user-${String(index).padStart(12, '0')}`;

function report(name: string, value: string): void {
  process.stdout.write(`${name.padEnd(44)}${value}\n`);
}

function rssMiB(): number {
  globalThis.gc?.();
  return process.memoryUsage().rss / 2 ** 20;
}

function timed(name: string, count: number, run: (index: number) => void): void {
  const startMs = performance.now();
  for (let index = 0; index < count; index++) run(index);
  report(name, `${(((performance.now() - startMs) / count) * 1e6).toFixed(0)} ns`);
}

const random = new Uint32Array(1 << 16).map(() => Math.floor(Math.random() * keys));
const before = rssMiB();
const store = new MemoryThrottleStore(systemClock);
const take = (index: number) => store.take([{ limit, key: keyOf(index) }]);

timed('new keys', keys, take);
report('keys held', String(store.size));
report('RSS added', `${(rssMiB() - before).toFixed(1)} MiB`);
timed('known keys, at random', keys, (index) => void take(random[index & 0xffff] ?? 0));
timed('one key', keys, () => void take(7));
timed('new keys into a full table', keys, (index) => void take(keys + index));
report('keys held', String(store.size));

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
let next = 3 * keys;
const endMs = performance.now() + 3000;
while (performance.now() < endMs) {
  const sliceMs = performance.now() + 1;
  while (performance.now() < sliceMs) take(next++);
  await new Promise((resolve) => setImmediate(resolve));
}
report('event-loop delay p99 in a flood of new keys', `${(delay.percentile(99) / 1e6).toFixed(2)} ms`);
