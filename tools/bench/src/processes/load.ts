import { once } from 'node:events';
import { join } from 'node:path';
import { type Probe } from '../contender.ts';
import { loadCore, spawnPinned } from './pinned.ts';

export interface LoadPlan {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly requests: number;
  /** The bytes every answer must have. */
  readonly body: string;
}

export interface LoadResult {
  readonly answered: number;
  /** Answers that were not 200 or not the right bytes: no figure may come from a run with any. */
  readonly wrong: number;
  readonly firstWrong?: string;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Sends `requests` over `connections` kept-alive connections, each waiting for its answer before the next. */
export async function runLoad(
  probe: Probe,
  body: string,
  plan: { connections: number; requests: number },
): Promise<LoadResult> {
  const child = spawnPinned(loadCore, process.execPath, [join(import.meta.dirname, 'load-process.ts')]);
  const ended = once(child, 'exit');
  child.send({
    port: probe.port,
    path: probe.path,
    headers: probe.headers,
    body,
    ...plan,
  } satisfies LoadPlan);
  const [result] = (await once(child, 'message')) as [LoadResult];
  child.disconnect();
  await ended;
  return result;
}
