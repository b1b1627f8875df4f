import { type ChildProcess, type Serializable, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Spawns a process that ends, at the latest, with this one. */
export function spawnChild(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, [...args], options);
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  return child;
}

/** Spawns a TypeScript file of ours that talks to us. */
export function spawnScript(file: string): ChildProcess {
  return spawnChild(process.execPath, [file], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

/** The next thing a child says; rejects when it ends instead. */
export async function nextMessage<T extends Serializable>(child: ChildProcess): Promise<T> {
  const over = new AbortController();
  const { signal } = over;
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`${child.spawnargs.join(' ')} ended with ${code}`);
  });
  try {
    const [message] = (await Promise.race([once(child, 'message', { signal }), ended])) as [T];
    return message;
  } finally {
    over.abort();
    ended.catch(() => undefined);
  }
}

/** Sends a signal, unless it has ended already; its exit code, null when a signal ended it. */
export async function endChild(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
  return child.exitCode;
}
