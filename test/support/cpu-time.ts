import { readdirSync, readFileSync } from 'node:fs';

/** CPU time of all threads of a process so far, µs (Linux). */
export function cpuTimeUs(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => {
    const [ns] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
    return sum + Number(ns) / 1000;
  }, 0);
}
