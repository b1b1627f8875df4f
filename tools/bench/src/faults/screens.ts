import { setTimeout as delay } from 'node:timers/promises';
import { aggregate, optional, required } from '@facet/aggregate';
import { anonymous, Deadline, type RequestContext, systemClock } from '@facet/context';
import { atMost, type Figure, quantile, spread } from './figure.ts';
import { type Scene } from './scene.ts';

const home = '/api/mobile/home';
/** Of the part `nextDelivery`. */
const partLimitMs = 1_000;
const partMs = 40;
/** What runs for the first time is compiled first: no figure of a gateway that has just started. */
const warmUps = 50;
const hangingWarmUps = 2;

async function sample(count: number, one: () => Promise<number>): Promise<number[]> {
  const values: number[] = [];
  for (let n = 0; n < count; n++) values.push(await one());
  return values;
}

async function homeMs(scene: Scene, isRight: (home: { partial: boolean }) => boolean): Promise<number> {
  const { status, body, tookMs } = await scene.get(home);
  if (status !== 200 || !isRight(JSON.parse(body) as { partial: boolean }))
    throw new Error(`${home}: ${status} ${body}`);
  return tookMs;
}

function context(): RequestContext {
  return {
    requestId: '01bench',
    trace: { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', sampled: true },
    clientAddress: '192.0.2.1',
    startedAtMs: systemClock.monotonic(),
    deadline: Deadline.after(systemClock, 10_000),
    signal: new AbortController().signal,
    language: 'en',
    apiVersion: 'v2',
    principal: anonymous,
    decisions: { attempts: 0, upstreamMs: 0 },
  };
}

/** Five parts of which the slowest decides, without a network. */
async function fivePartsMs(): Promise<number> {
  const part = { withinMs: 1_000, load: () => delay(partMs) };
  const startedAtMs = performance.now();
  await aggregate(context(), {
    a: required(part),
    b: required(part),
    c: optional(part),
    d: optional(part),
    e: optional(part),
  });
  return performance.now() - startedAtMs;
}

export const screenFigures: readonly Figure[] = [
  {
    name: '/home with a hanging optional part: answer past the limit of the part, the slowest of 10',
    goal: '<= 10 ms',
    measure: async (scene) => {
      await sample(warmUps, () => homeMs(scene, ({ partial }) => !partial));
      scene.stack.services.shipping.setFaults({ latencyMs: 60_000 });
      await sample(hangingWarmUps, () => homeMs(scene, ({ partial }) => partial));
      const lateMs = await sample(
        10,
        async () => (await homeMs(scene, ({ partial }) => partial)) - partLimitMs,
      );
      return atMost(10, Math.max(...lateMs), spread(lateMs));
    },
  },
  {
    name: '/home whose four upstreams take 40 ms each: all of it, median',
    goal: '<= 45 ms',
    measure: async (scene) => {
      await sample(warmUps, () => homeMs(scene, ({ partial }) => !partial));
      for (const service of Object.values(scene.stack.services)) service.setFaults({ latencyMs: partMs });
      const tookMs = await sample(50, () => homeMs(scene, ({ partial }) => !partial));
      return atMost(45, quantile(tookMs, 0.5), `p99 ${quantile(tookMs, 0.99).toFixed(1)}`);
    },
  },
  {
    name: 'an aggregate of five parts of 40 ms, no network: all of it, median',
    goal: '<= 45 ms',
    measure: async () => {
      const tookMs = await sample(50, fivePartsMs);
      return atMost(45, quantile(tookMs, 0.5), `p99 ${quantile(tookMs, 0.99).toFixed(1)}`);
    },
  },
];
