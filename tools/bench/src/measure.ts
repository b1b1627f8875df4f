import { type Contender, type RunningContender, type Surroundings } from './contender.ts';
import { cpuTimeUs, residentMiB } from './processes/cpu-time.ts';
import { type Peer } from './processes/peer.ts';

export interface Effort {
  readonly rounds: number;
  readonly requests: number;
  readonly warmUp: number;
  readonly connections: number;
}

export interface Figures {
  readonly contender: Contender;
  /** CPU time of the server's processes per request, µs, one value a round. */
  readonly cpuUs: number[];
  readonly p99Ms: number[];
  readonly requestsPerSecond: number[];
  residentMiB: number;
  /** A wrong answer anywhere: then there is no figure. */
  wrong: string | undefined;
}

interface Entrant {
  readonly figures: Figures;
  readonly running: RunningContender;
  readonly body: string;
}

/** Runs all contenders in alternation, `rounds` times, and answers what each cost. */
export async function measure(
  contenders: readonly Contender[],
  surroundings: Surroundings,
  peer: Peer,
  effort: Effort,
): Promise<Figures[]> {
  const entrants: Entrant[] = [];
  try {
    for (const contender of contenders) entrants.push(await enter(contender, surroundings, peer, effort));
    for (let round = 0; round < effort.rounds; round++) {
      for (const entrant of entrants) await runRound(entrant, peer, effort);
      process.stderr.write(`round ${round + 1} of ${effort.rounds}\n`);
    }
  } finally {
    await Promise.all(entrants.map(({ running }) => running.stop()));
  }
  return entrants.map(({ figures }) => figures);
}

async function enter(
  contender: Contender,
  surroundings: Surroundings,
  peer: Peer,
  effort: Effort,
): Promise<Entrant> {
  const running = await contender.start(surroundings);
  const { port, path, headers, right } = running.probe;
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    headers: { ...headers, 'accept-encoding': 'identity' },
  });
  const body = await answer.text();
  const figures: Figures = {
    contender,
    cpuUs: [],
    p99Ms: [],
    requestsPerSecond: [],
    residentMiB: 0,
    wrong: undefined,
  };
  if (answer.status !== 200 || !right(body)) figures.wrong = `${answer.status}: ${body.slice(0, 200)}`;
  else await peer.load(running.probe, body, { connections: effort.connections, requests: effort.warmUp });
  return { figures, running, body };
}

async function runRound({ figures, running, body }: Entrant, peer: Peer, effort: Effort): Promise<void> {
  if (figures.wrong !== undefined) return;
  const pids = running.processes.flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  const cpu = (): number => pids.reduce((sum, pid) => sum + cpuTimeUs(pid), 0);
  const before = cpu();
  const result = await peer.load(running.probe, body, effort);
  const spentUs = cpu() - before;
  if (result.wrong > 0) {
    figures.wrong = `${result.wrong} wrong answers, the first: ${result.firstWrong?.slice(0, 200)}`;
    return;
  }
  figures.cpuUs.push(spentUs / result.answered);
  figures.p99Ms.push(result.p99Ms);
  figures.requestsPerSecond.push(result.answered / result.seconds);
  figures.residentMiB = pids.reduce((sum, pid) => sum + residentMiB(pid), 0);
}
