import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const workspaceRoot = join(import.meta.dirname, '../../../..');

export type LogLine = Readonly<Record<string, unknown>>;

/** A built gateway running as a process of its own, on ports the system chose. */
export interface GatewayProcess {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly managementUrl: string;
  /** Every line it wrote to stdout so far, parsed; a line that is no JSON fails the test that reads it. */
  readonly log: readonly LogLine[];
  readonly stderr: () => string;
  readonly child: ChildProcess;
  /** SIGTERM; resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface GatewayOptions {
  readonly app: 'gateway-web' | 'gateway-mobile' | 'gateway-admin';
  /** The whole environment, but for PORT and MANAGEMENT_PORT (0) and PATH. */
  readonly env: Readonly<Record<string, string>>;
}

/** Starts `dist/apps/<app>` (build it first) and resolves once it says that it is ready. */
export async function startGateway(options: GatewayOptions): Promise<GatewayProcess> {
  const child = spawnGateway(options);
  const log: LogLine[] = [];
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const ready = Promise.withResolvers<LogLine>();
  createInterface({ input: child.stdout ?? process.stdin }).on('line', (line) => {
    const entry = parseLine(line);
    log.push(entry);
    if (typeof entry['managementUrl'] === 'string') ready.resolve(entry);
  });
  child.once('exit', (code) =>
    ready.reject(new Error(`${options.app} ended with ${code} before it was ready:\n${stderr}`)),
  );
  const { url, managementUrl } = (await ready.promise) as { url: string; managementUrl: string };
  const { origin } = new URL(url);
  return {
    url: origin,
    managementUrl,
    log,
    stderr: () => stderr,
    child,
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.kill(signal);
        await ended;
      }
      return child.exitCode;
    },
  };
}

/** For starts that are meant to fail: the exit code and what it said. */
export async function failingStart(
  options: GatewayOptions,
): Promise<{ code: number | null; output: string }> {
  const child = spawnGateway(options);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

function spawnGateway({ app, env }: GatewayOptions): ChildProcess {
  const file = join(workspaceRoot, 'dist/apps', app, 'gateway.js');
  if (!existsSync(file)) throw new Error(`dist/apps/${app} is missing: npx nx build ${app}`);
  return spawn(process.execPath, [file], {
    env: { PATH: process.env['PATH'], PORT: '0', MANAGEMENT_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function parseLine(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return { unparsed: line };
  }
}
