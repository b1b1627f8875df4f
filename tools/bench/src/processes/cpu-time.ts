import { type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * CPU time of processes, their threads and their children so far, in µs, as Linux's scheduler counts it: to the
 * nanosecond, where `utime` and `stime` come in ticks of 10 ms, 3 % of a turn. A thread that ends takes its time along;
 * those of V8 and libuv don't end.
 */
export function cpuTimeUs(processes: readonly ChildProcess[]): number {
  const all = pidsOf(processes).flatMap((pid) => [pid, ...descendants(pid)]);
  return all.reduce((sum, pid) => sum + ownTimeUs(pid), 0);
}

function ownTimeUs(pid: number): number {
  return tasks(pid).reduce((sum, task) => sum + runNs(`/proc/${pid}/task/${task}`), 0) / 1e3;
}

/** The first field of `schedstat`: time spent on a CPU (kernel, Documentation/scheduler/sched-stats). */
function runNs(task: string): number {
  return Number(readFileSync(`${task}/schedstat`, 'utf8').split(' ')[0]);
}

function descendants(pid: number): number[] {
  const children = tasks(pid).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function tasks(pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`);
}

/** Resident memory in MiB of processes, without their children. */
export function residentMiB(processes: readonly ChildProcess[]): number {
  return pidsOf(processes).reduce((sum, pid) => sum + residentKiB(pid), 0) / 1024;
}

function residentKiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

function pidsOf(processes: readonly ChildProcess[]): number[] {
  return processes.flatMap(({ pid }) => pid ?? []);
}
