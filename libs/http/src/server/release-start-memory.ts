import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type CollectAll = (options: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void;

/**
 * Gives back to the system what starting needed and serving does not: V8 lets its young generation grow while modules
 * load and would keep it. Costs 50 to 100 ms once and saves about 40 MiB of resident memory; to be called when the
 * start is over and nobody waits yet.
 */
export function releaseStartMemory(): void {
  setFlagsFromString('--expose-gc');
  const collectAll = runInNewContext('gc') as CollectAll;
  setFlagsFromString('--no-expose-gc');
  collectAll({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
