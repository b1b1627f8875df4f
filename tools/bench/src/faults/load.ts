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
];
