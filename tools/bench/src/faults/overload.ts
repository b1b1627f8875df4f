import { type RunningContender } from '../contender.ts';
import { gatewayContenders } from '../contenders/gateway.ts';
import { cpuTimeUs, residentMiB } from '../processes/cpu-time.ts';
import { type LoadResult, runLoad } from '../processes/load.ts';
import { median, pairwiseRatio } from '../statistics.ts';
import { startSurroundings } from '../surroundings.ts';
import { type Figure, type Reading } from './figure.ts';

const rounds = 3;
/** So many clients, each asking again as soon as it is answered, keep one core busy. */
const peakClients = 64;
/** So many that the making of the connections is no part of it. */
const requestsPerClient = 40;
const minRequests = 20_000;

interface Pressed extends LoadResult {
  /** Right answers per second. */
  readonly goodput: number;
  /** Right answers per second of the gateway's own CPU time: the same when it has its core to itself. */
  readonly goodputOfCpu: number;
  readonly residentMiB: number;
}

/** Runs with a gateway of the side-by-side benchmark, its upstream and its load on another core. */
async function underLoad(
  name: string,
  measure: (load: (clients: number) => Promise<Pressed>) => Promise<Reading>,
): Promise<Reading> {
  const contender = gatewayContenders.find((each) => each.name === name);
  if (contender === undefined) throw new Error(`no contender ${name}`);
  const { surroundings, stop } = await startSurroundings();
  const running = await contender.start(surroundings);
  try {
    const body = await answerOf(running);
    const load = (connections: number): Promise<Pressed> => press(running, body, connections);
    // Warm and with the memory it keeps.
    for (const clients of [peakClients, 10 * peakClients, peakClients]) await load(clients);
    return await measure(load);
  } finally {
    await running.stop();
    await stop();
  }
}

async function answerOf({ probe: { port, path, headers } }: RunningContender): Promise<string> {
  const all = { ...headers, 'accept-encoding': 'identity' };
  return await (await fetch(`http://127.0.0.1:${port}${path}`, { headers: all })).text();
}

async function press(
  { probe, processes }: RunningContender,
  body: string,
  connections: number,
): Promise<Pressed> {
  const beforeUs = cpuTimeUs(processes);
  const requests = Math.max(minRequests, connections * requestsPerClient);
  const result = await runLoad(probe, body, { connections, requests });
  const right = result.answered - result.wrong;
  return {
    ...result,
    goodput: right / result.seconds,
    goodputOfCpu: (right * 1e6) / (cpuTimeUs(processes) - beforeUs),
    residentMiB: residentMiB(processes),
  };
}

/** Peak and pressure in turn: a machine is not equally fast all the time. */
async function againstPeak(
  load: (clients: number) => Promise<Pressed>,
  clients: number,
  leastPercent: number,
): Promise<Reading> {
  const peaks: Pressed[] = [];
  const pressed: Pressed[] = [];
  for (let round = 0; round < rounds; round++) {
    peaks.push(await load(peakClients));
    pressed.push(await load(clients));
  }
  const ratio = (of: (run: Pressed) => number): number => 100 * pairwiseRatio(pressed.map(of), peaks.map(of));
  const share = ratio(({ goodputOfCpu }) => goodputOfCpu);
  const refused = pressed.reduce((sum, { wrong }) => sum + wrong, 0);
  const answered = pressed.reduce((sum, run) => sum + run.answered, 0);
  const notes = [
    `${ratio(({ goodput }) => goodput).toFixed(0)} % by the clock, of ${median(peaks.map(({ goodput }) => goodput)).toFixed(0)} /s`,
    `${refused} of ${answered} refused`,
    `p99 ${median(pressed.map(({ p99Ms }) => p99Ms)).toFixed(0)} ms`,
    `RSS ${Math.max(...peaks.map((run) => run.residentMiB)).toFixed(0)} and ${Math.max(...pressed.map((run) => run.residentMiB)).toFixed(0)} MiB`,
  ];
  return { seen: `${share.toFixed(0)} % (${notes.join('; ')})`, holds: share >= leastPercent };
}

export const overloadFigures: readonly Figure[] = [
  // The second is beyond what is asked, so that a fall beyond it is seen.
  ...(
    [
      [10, 90],
      [40, 75],
    ] as const
  ).map(([times, least]) => ({
    name: `${times} x overload: right answers per CPU second, against the peak`,
    goal: `>= ${least} %`,
    measure: () =>
      underLoad('gateway-mobile, full chain', (load) => againstPeak(load, times * peakClients, least)),
  })),
  {
    name: '40 x overload: the peak right after it, against the peak before',
    goal: '>= 90 %, none refused',
    measure: () =>
      underLoad('gateway-mobile, full chain', async (load) => {
        const before = await load(peakClients);
        await load(40 * peakClients);
        const after = await load(peakClients);
        const share = (100 * after.goodputOfCpu) / before.goodputOfCpu;
        return {
          seen: `${share.toFixed(0)} %, ${after.wrong} refused, p99 ${after.p99Ms.toFixed(0)} ms`,
          holds: share >= 90 && after.wrong === 0,
        };
      }),
  },
];
