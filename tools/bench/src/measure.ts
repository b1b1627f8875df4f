import { setTimeout as delay } from 'node:timers/promises';
import { type Contender, type RunningContender, type Surroundings } from './contender.ts';
import { cpuTimeUs, residentMiB } from './processes/cpu-time.ts';
import { type Peer } from './processes/peer.ts';
import { shuffled } from './statistics.ts';

export interface Effort {
  readonly rounds: number;
  /**
   * Turns of each contender in a round. Contenders take turns that are as long for each, and short: so no one has been
   * idle for longer than another when its turn comes, and all see the same neighbours on a shared machine.
   */
  readonly turns: number;
  readonly turnMs: number;
  /** What each gets before anything counts: so many requests, or as many as it answers in so many seconds. */
  readonly warmUp: { readonly requests: number; readonly seconds: number };
  readonly connections: number;
  /** Silence before each round. */
  readonly pauseSeconds: number;
}

export interface Figures {
  readonly contender: Contender;
  /** CPU time of the server's processes per request, µs, one value a round: all its turns together. */
  readonly cpuUs: number[];
  /** One value a turn. */
  readonly p99Ms: number[];
  residentMiB: number;
  /** A wrong answer anywhere: then there is no figure. */
  wrong: string | undefined;
}

interface Entrant {
  readonly figures: Figures;
  readonly running: RunningContender;
  readonly body: string;
  /** About as many requests as it answers in `turnMs`. */
  readonly requests: number;
}

/** What the turns of one round came to. */
interface Sum {
  cpuUs: number;
  answered: number;
}

/** Runs all contenders in alternation and answers what each cost. */
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
      await delay(effort.pauseSeconds * 1000);
      await runRound(entrants, peer, effort);
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
  { connections, warmUp, turnMs }: Effort,
): Promise<Entrant> {
  const running = await contender.start(surroundings);
  const { port, path, headers, right } = running.probe;
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    headers: { ...headers, 'accept-encoding': 'identity' },
  });
  const body = await answer.text();
  const figures: Figures = { contender, cpuUs: [], p99Ms: [], residentMiB: 0, wrong: undefined };
  if (answer.status !== 200 || !right(body)) {
    figures.wrong = `${answer.status}: ${body.slice(0, 200)}`;
    return { figures, running, body, requests: 0 };
  }
  const perSecond = await warm({ running, body }, peer, connections, warmUp);
  return { figures, running, body, requests: Math.ceil(perSecond * (turnMs / 1000)) };
}

/** Answers how many requests a second it takes in the end. */
async function warm(
  { running, body }: Pick<Entrant, 'running' | 'body'>,
  peer: Peer,
  connections: number,
  { requests, seconds }: Effort['warmUp'],
): Promise<number> {
  const pieces = 16;
  const endMs = performance.now() + seconds * 1000;
  let perSecond = 0;
  for (let piece = 0; piece < pieces && performance.now() < endMs; piece++) {
    const result = await peer.load(running.probe, body, { connections, requests: requests / pieces });
    perSecond = result.answered / result.seconds;
  }
  return perSecond;
}

async function runRound(entrants: readonly Entrant[], peer: Peer, effort: Effort): Promise<void> {
  const sums = new Map(entrants.map((entrant): [Entrant, Sum] => [entrant, { cpuUs: 0, answered: 0 }]));
  for (let turn = 0; turn < effort.turns; turn++) {
    for (const [entrant, sum] of shuffled([...sums])) {
      if (entrant.figures.wrong === undefined) await takeTurn(entrant, sum, peer, effort.connections);
    }
  }
  for (const [{ figures }, { cpuUs, answered }] of sums) {
    if (figures.wrong === undefined) figures.cpuUs.push(cpuUs / answered);
  }
}

async function takeTurn(entrant: Entrant, sum: Sum, peer: Peer, connections: number): Promise<void> {
  const { figures, running, body, requests } = entrant;
  const beforeUs = cpuTimeUs(running.processes);
  const result = await peer.load(running.probe, body, { connections, requests });
  sum.cpuUs += cpuTimeUs(running.processes) - beforeUs;
  sum.answered += result.answered;
  if (result.wrong > 0) {
    figures.wrong = `${result.wrong} wrong answers, the first: ${result.firstWrong?.slice(0, 200)}`;
  }
  figures.p99Ms.push(result.p99Ms);
  figures.residentMiB = residentMiB(running.processes);
}
