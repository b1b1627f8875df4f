import { setTimeout as delay } from 'node:timers/promises';
import { atMost, type Figure, quantile, spread } from './figure.ts';
import { many, type Scene } from './scene.ts';

const hurriedMs = 300;
const connectMs = 1_000;
const patienceMs = 200;
/** Few enough that the client's own time is not what is measured. */
const lanes = 5;

/** Time after the deadline at which something happened, of `count` calls that hang. */
async function overtimes(scene: Scene, count: number, of: 'answer' | 'close'): Promise<number[]> {
  return many(count, lanes, async (index) => {
    const path = `/hurried/${of}-${index}`;
    const arrived = scene.hanging.arrival(path);
    const call = scene.get(path);
    const startedAtMs = performance.now();
    await arrived;
    const answer = await call;
    if (answer.status !== 504) throw new Error(`${path}: ${answer.status}`);
    const endMs = of === 'answer' ? startedAtMs + answer.tookMs : await scene.hanging.closedAtMs(path);
    return endMs - startedAtMs - hurriedMs;
  });
}

/** Time between a client's leaving after 200 ms and the moment its upstream hears of it. */
async function partings(scene: Scene, count: number): Promise<number[]> {
  return many(count, lanes, async (index) => {
    const path = `/hanging/leaves-${index}`;
    const arrived = scene.hanging.arrival(path);
    const leaving = new AbortController();
    const call = scene.get(path, leaving.signal);
    await arrived;
    await delay(patienceMs);
    const leftAtMs = performance.now();
    leaving.abort();
    const closedAtMs = await scene.hanging.closedAtMs(path);
    await call;
    return closedAtMs - leftAtMs;
  });
}

export const deadlineFigures: readonly Figure[] = [
  {
    name: 'upstream slow: 504 past the deadline, p99',
    goal: '<= 50 ms',
    measure: async (scene) => {
      const lateMs = await overtimes(scene, 100, 'answer');
      return atMost(50, quantile(lateMs, 0.99), spread(lateMs));
    },
  },
  {
    name: 'upstream slow: it sees the close, past the deadline, p99',
    goal: '<= 100 ms',
    measure: async (scene) => {
      const lateMs = await overtimes(scene, 100, 'close');
      return atMost(100, quantile(lateMs, 0.99), spread(lateMs));
    },
  },
  {
    name: 'half-open upstream: 504 past the connect limit of 1 s, the slowest of 6',
    goal: '<= 50 ms',
    measure: async (scene) => {
      const lateMs = (await many(6, 2, () => scene.get('/half-open'))).map(
        ({ tookMs }) => tookMs - connectMs,
      );
      return atMost(50, Math.max(...lateMs), spread(lateMs));
    },
  },
  {
    name: 'client leaves after 200 ms: its upstream sees the close, p99',
    goal: '<= 50 ms',
    measure: async (scene) => {
      const afterMs = await partings(scene, 100);
      return atMost(50, quantile(afterMs, 0.99), spread(afterMs));
    },
  },
];
