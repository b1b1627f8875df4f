import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename, dirname, join } from 'node:path';

/** One Node process that can be replaced by a new one of the same file. */
export class ServedProcess {
  readonly #file: string;
  readonly #env: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;

  constructor(file: string, env: NodeJS.ProcessEnv) {
    this.#file = file;
    this.#env = env;
  }

  /** Ends the running process, waits until its port is free, and starts the file anew. */
  async restart(): Promise<void> {
    const again = this.#child !== undefined;
    await this.stop();
    if (again) console.log('changed: starting anew');
    const child = spawn(process.execPath, ['--enable-source-maps', this.#file], {
      env: this.#env,
      stdio: 'inherit',
    });
    this.#child = child;
    child.once('exit', (code, signal) => {
      if (this.#child === child) this.#ended(code, signal);
    });
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    const name = join(basename(dirname(this.#file)), basename(this.#file));
    console.error(`${name} ended (${signal ?? `exit code ${code}`})`);
    if (code !== null && code !== 0) process.exitCode = code;
  }
}
