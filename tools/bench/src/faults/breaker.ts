import { setTimeout as delay } from 'node:timers/promises';
import { atMost, type Figure, quantile, spread } from './figure.ts';
import { hits, many, type Scene } from './scene.ts';

const orders = '/api/mobile/orders';
const crowd = 100;

/** Everybody asks at once, and nothing is answered but 503. */
async function storm(scene: Scene): Promise<void> {
  scene.stack.services.orders.setFaults({ status: 503 });
  scene.stack.services.orders.clearHits();
  await many(crowd, crowd, () => scene.get(orders));
}

/** Asks on with 32 clients until all of 64 answers in a row are good; answers how long that took. */
async function recoveryMs(scene: Scene): Promise<number> {
  const startedAtMs = performance.now();
  for (;;) {
    const answers = await many(64, 32, () => scene.get(orders));
    if (answers.every(({ status }) => status === 200)) return performance.now() - startedAtMs;
    await delay(5);
  }
}

export const breakerFigures: readonly Figure[] = [
  {
    name: 'upstream refuses connections: answer of the open circuit, p99',
    goal: '<= 5 ms',
    measure: async (scene) => {
      await scene.stack.services.orders.stop();
      while ((await scene.circuit('orders')) !== 'open') await scene.get(orders);
      const answers = await many(2_000, 1, () => scene.get(orders));
      const tookMs = answers.map((answer) => answer.tookMs);
      return atMost(5, quantile(tookMs, 0.99), spread(tookMs));
    },
  },
  {
    name: 'everything fails: upstream requests per client request before the circuit opens',
    goal: '<= 1.2',
    measure: async (scene) => {
      await storm(scene);
      const ratio = hits(scene, 'orders') / crowd;
      return { seen: ratio.toFixed(2), holds: ratio <= 1.2 };
    },
  },
  {
    name: 'everything fails: upstream requests per client request after it has opened',
    goal: 'about 0',
    measure: async (scene) => {
      await storm(scene);
      scene.stack.services.orders.clearHits();
      const asked = 5_000;
      await many(asked, 32, () => scene.get(orders));
      const ratio = hits(scene, 'orders') / asked;
      return { seen: ratio.toFixed(4), holds: ratio <= 0.005 };
    },
  },
  {
    name: 'everything failed: full traffic after recovery, clients knocking all the while',
    goal: '<= 5 s',
    measure: async (scene) => {
      await storm(scene);
      scene.stack.services.orders.clearFaults();
      const tookMs = await recoveryMs(scene);
      const after = await many(2_000, 32, () => scene.get(orders));
      const failed = after.filter(({ status }) => status !== 200).length;
      return {
        seen: `${(tookMs / 1000).toFixed(1)} s, then ${failed} of 2,000 failed`,
        holds: tookMs <= 5_000 && failed === 0,
      };
    },
  },
];
