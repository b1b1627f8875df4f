import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';

const canPin = availableParallelism() > 1 && spawnSync('taskset', ['-V']).status === 0;

/** Servers run on core 0, load and upstream on core 1, so that they do not take one another's time. */
export const serverCore = 0;
export const loadCore = 1;

/** Whether processes are really kept apart; the table says so. */
export const pinned = canPin;

/** Spawns a process that may use one core only, where the system has `taskset`. */
export function spawnPinned(
  core: number,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): ChildProcess {
  const [program, programArgs] = canPin
    ? ['taskset', ['-c', String(core), command, ...args]]
    : [command, [...args]];
  return spawn(program, programArgs, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
}

/** Moves this process to the load core: it reads the contenders' output, and a server pays for none of that. */
export function keepOffServerCore(): void {
  if (canPin) spawnSync('taskset', ['-apc', String(loadCore), String(process.pid)]);
}

export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(killer);
}
