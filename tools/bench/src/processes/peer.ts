import { once } from 'node:events';
import { join } from 'node:path';
import { type Probe } from '../contender.ts';
import { type UpstreamPlan } from './bare-upstream.ts';
import { type LoadPlan, type LoadResult } from './load.ts';
import { loadCore, spawnPinned, stopProcess } from './pinned.ts';

/** The other side of every contender: its upstream and its clients, in one process on the load core. */
export interface Peer {
  readonly upstreamUrl: string;
  /** Sends `requests` over `connections` kept-alive connections, each waiting for its answer before the next. */
  load(probe: Probe, body: string, effort: Pick<LoadPlan, 'connections' | 'requests'>): Promise<LoadResult>;
  stop(): Promise<void>;
}

export async function startPeer(plan: UpstreamPlan): Promise<Peer> {
  const child = spawnPinned(loadCore, process.execPath, [join(import.meta.dirname, 'peer-process.ts')]);
  child.send(plan);
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    upstreamUrl: `http://127.0.0.1:${port}`,
    load: async (probe, body, { connections, requests }) => {
      const { port, path, headers } = probe;
      child.send({ port, path, headers, body, connections, requests } satisfies LoadPlan);
      const [result] = (await once(child, 'message')) as [LoadResult];
      return result;
    },
    stop: () => stopProcess(child),
  };
}
