import { type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { spawnScript } from './children.ts';

export interface LoadRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface LoadPlan {
  /** Origins; the clients are dealt out to them in turn. */
  readonly urls: readonly string[];
  /** Sent in turn by each client. */
  readonly requests: readonly LoadRequest[];
  /** Each has one connection and waits for its answer before it asks again. */
  readonly clients: number;
  /** At most so many requests in all. */
  readonly count: number;
  /** What each client waits after an answer, ms: below the capacity, latency tells more than how long the queue is. */
  readonly pauseMs?: number;
  /** Stops by itself after that, ms. Default 120,000. */
  readonly forMs?: number;
}

/** One request, with times in ms since the epoch, on the clock of the load process. */
export interface Sample {
  readonly sentAtMs: number;
  readonly latencyMs: number;
  readonly method: string;
  /** 0: no whole answer came. */
  readonly status: number;
}

export interface LoadReport {
  readonly samples: readonly Sample[];
  /** Why requests got no whole answer, counted. */
  readonly errors: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** A load under way in a process of its own. */
export class Load {
  /** Requests answered, or failed, so far. */
  answered = 0;
  readonly #child: ChildProcess;
  readonly #report: Promise<LoadReport>;

  constructor(plan: LoadPlan) {
    this.#child = spawnScript(join(import.meta.dirname, 'load-process.ts'));
    const report = Promise.withResolvers<LoadReport>();
    this.#child.on('message', (message: number | LoadReport) => {
      if (typeof message === 'number') this.answered = message;
      else report.resolve(message);
    });
    this.#child.once('exit', (code) => report.reject(new Error(`the load ended with ${code}`)));
    this.#child.send(plan);
    this.#report = report.promise;
    this.#report.catch(() => undefined);
  }

  /** What it came to, once all is sent; with `now`, no new request is begun. */
  async report(when: 'now' | 'allSent'): Promise<LoadReport> {
    if (when === 'now') this.#child.send('stop');
    const report = await this.#report;
    this.#child.disconnect();
    return report;
  }
}

/** Sends all of it and waits. */
export function runLoad(plan: LoadPlan): Promise<LoadReport> {
  return new Load(plan).report('allSent');
}

/** How many requests had each outcome, `GET 200`; `GET 0` are those without a whole answer. */
export function outcomes({ samples }: LoadReport): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { method, status } of samples) {
    const outcome = `${method} ${status}`;
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

/** Requests that a fault of ours would have failed: no whole answer, or a 5xx. */
export function failures({ samples }: LoadReport): readonly Sample[] {
  return samples.filter(({ status }) => status === 0 || status >= 500);
}

/** A quantile of latency, ms, of requests sent within a span of time; 0 without any. */
export function latencyMs(
  { samples }: LoadReport,
  quantile: number,
  fromMs = 0,
  toMs = Number.POSITIVE_INFINITY,
): number {
  const sorted = samples
    .filter(({ sentAtMs }) => sentAtMs >= fromMs && sentAtMs < toMs)
    .map(({ latencyMs: each }) => each)
    .sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length * quantile)] ?? 0;
}
