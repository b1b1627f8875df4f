import { setTimeout as delay } from 'node:timers/promises';
import { type Probe } from '../contender.ts';
import { type LoadResult, runLoad } from '../processes/load.ts';
import { median, pairwiseRatio } from '../statistics.ts';
import { type Figure } from './figure.ts';
import { many, type Scene } from './scene.ts';

/** Sockets of one bulkhead. */
const greedyShare = 128;

async function load(scene: Scene, path: string, connections: number, requests: number): Promise<LoadResult> {
  const { body } = await scene.get(path);
  const probe: Probe = {
    port: scene.port,
    path,
    headers: { authorization: `Bearer ${scene.token}` },
    right: () => true,
  };
  return await runLoad(probe, body, { connections, requests });
}

/** The p99 of a route while 600 calls to another upstream hang or wait for their turn to. */
async function besideGreedMs(scene: Scene, path: string, round: number): Promise<number> {
  const leaving = new AbortController();
  const stuck = many(600, 600, (index) => scene.get(`/hanging/greedy-${round}-${index}`, leaving.signal));
  while (scene.hanging.underWay < greedyShare) await delay(2);
  const { p99Ms, wrong } = await load(scene, path, 4, 3_000);
  leaving.abort();
  await stuck;
  if (wrong > 0) throw new Error(`${path}: ${wrong} wrong answers`);
  return p99Ms;
}

/** Right answers a second. */
function goodput({ answered, wrong, seconds }: LoadResult): number {
  return (answered - wrong) / seconds;
}

export const loadFigures: readonly Figure[] = [
  {
    name: 'one upstream takes all: p99 of a healthy route beside 600 calls that hang, against alone',
    goal: '<= 1.2 x',
    measure: async (scene) => {
      const path = '/api/mobile/user';
      await load(scene, path, 4, 4_000);
      const aloneMs: number[] = [];
      const besideMs: number[] = [];
      for (let round = 0; round < 5; round++) {
        aloneMs.push((await load(scene, path, 4, 3_000)).p99Ms);
        besideMs.push(await besideGreedMs(scene, path, round));
      }
      const ratio = pairwiseRatio(besideMs, aloneMs);
      const seen = `${ratio.toFixed(2)} x (${median(aloneMs).toFixed(1)} and ${median(besideMs).toFixed(1)} ms)`;
      return { seen, holds: ratio <= 1.2 };
    },
  },
  {
    name: '10 x overload: right answers a second, against the peak',
    goal: '>= 90 %',
    measure: async (scene) => {
      const path = '/api/mobile/orders';
      await load(scene, path, 64, 6_000);
      const peaks: number[] = [];
      const pressed: number[] = [];
      let refused = 0;
      // In turn: a machine is not equally fast all the time.
      for (let round = 0; round < 5; round++) {
        peaks.push(goodput(await load(scene, path, 64, 5_000)));
        const result = await load(scene, path, 640, 15_000);
        pressed.push(goodput(result));
        refused += result.wrong;
      }
      const share = 100 * pairwiseRatio(pressed, peaks);
      const seen = `${share.toFixed(0)} % (of ${median(peaks).toFixed(0)} /s; ${refused} of 75,000 refused)`;
      return { seen, holds: share >= 90 };
    },
  },
  {
    name: '10 x overload: first second of answers after it, the slowest of 50',
    goal: 'none refused, <= 100 ms',
    measure: async (scene) => {
      await load(scene, '/api/mobile/orders', 640, 12_000);
      const answers = await many(50, 1, () => scene.get('/api/mobile/orders'));
      const slowestMs = Math.max(...answers.map(({ tookMs }) => tookMs));
      const refused = answers.filter(({ status }) => status !== 200).length;
      return {
        seen: `${refused} refused, ${slowestMs.toFixed(1)} ms`,
        holds: refused === 0 && slowestMs <= 100,
      };
    },
  },
];
