import { type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { lastingPort } from '@facet/testing/processes';
import { endChild, spawnChild } from './children.ts';
import { until } from './until.ts';

export type App = 'gateway-web' | 'gateway-mobile' | 'gateway-admin';

/** One instance of a built gateway, a process on ports it keeps over restarts. Its log goes nowhere: it is long. */
export class Instance implements AsyncDisposable {
  readonly port: number;
  readonly managementPort: number;
  readonly #app: App;
  readonly #env: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;
  #stderr = '';

  private constructor(app: App, env: Readonly<Record<string, string>>, port: number, managementPort: number) {
    this.#app = app;
    this.#env = env;
    this.port = port;
    this.managementPort = managementPort;
  }

  /** @param env everything but PATH and the ports */
  static async start(app: App, env: Readonly<Record<string, string>>): Promise<Instance> {
    const instance = new Instance(app, env, await lastingPort(), await lastingPort());
    await instance.start();
    return instance;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get managementUrl(): string {
    return `http://127.0.0.1:${this.managementPort}`;
  }

  /** What it said on stderr: nothing, when all is well. */
  get stderr(): string {
    return this.#stderr;
  }

  /** Starts it, or starts it again; resolves once it is ready. */
  async start(): Promise<void> {
    const file = join(import.meta.dirname, '../../dist/apps', this.#app, 'gateway.js');
    if (!existsSync(file)) throw new Error(`dist/apps/${this.#app} is missing: npx nx build ${this.#app}`);
    const ports = { PORT: String(this.port), MANAGEMENT_PORT: String(this.managementPort) };
    const child = spawnChild(process.execPath, [file], {
      env: { PATH: process.env['PATH'], ...ports, ...this.#env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (this.#stderr += chunk));
    this.#child = child;
    await until(async () => {
      if (child.exitCode !== null) return true;
      return (await this.health('ready')) === 200;
    });
    if (child.exitCode !== null) {
      throw new Error(`${this.#app} ended with ${child.exitCode} before it was ready:\n${this.#stderr}`);
    }
  }

  /** Status of `/health/ready` or `/health/live`; rejects when nobody answers. */
  async health(kind: 'ready' | 'live'): Promise<number> {
    const { status, body } = await fetch(`${this.managementUrl}/health/${kind}`);
    await body?.cancel();
    return status;
  }

  /** Whether it uses the shared store now. */
  async sharesStore(): Promise<boolean> {
    return (await this.metric('gateway_store_up')) === 1;
  }

  /** Commands to the shared store that got no answer in time, or none: what they asked was decided here. */
  async decidedAlone(): Promise<number> {
    const outcomes = ['timeout', 'error', 'refused'];
    const counts = outcomes.map((outcome) =>
      this.metric('gateway_store_commands_total', `outcome="${outcome}"`),
    );
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  }

  /** The sum of a metric over its labels, or over those series that have this one. */
  async metric(name: string, label = ''): Promise<number> {
    const text = await (await fetch(`${this.managementUrl}/metrics`)).text();
    const lines = text.matchAll(
      new RegExp(`^${name}(?:\\{[^}]*${label}[^}]*\\})${label === '' ? '?' : ''} (\\S+)$`, 'gm'),
    );
    return [...lines].reduce((sum, [, value]) => sum + Number(value), 0);
  }

  /** Sends a signal and does not wait. */
  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Ends it; the exit code, null when the signal itself ended it. */
  end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    return this.#child === undefined ? Promise.resolve(null) : endChild(this.#child, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGKILL');
  }

  /** As a deployment does: leaves in order, then a new one comes up in its place. */
  async restart(): Promise<number | null> {
    const code = await this.end('SIGTERM');
    await this.start();
    return code;
  }
}
