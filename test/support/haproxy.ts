import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** The balancer's configuration as it is shipped. */
export const haproxyConfig = join(import.meta.dirname, '../../tools/deploy/haproxy/haproxy.cfg');

const noInstances = Object.fromEntries(
  ['WEB', 'MOBILE', 'ADMIN'].flatMap((backend) => [1, 2, 3].map((n) => [`${backend}_${n}`, '127.0.0.1:1'])),
);

/** Whether there is an HAProxy on the PATH. */
export const hasHaproxy = spawnSync('haproxy', ['-v']).status === 0;

export interface HaproxyProcess {
  /** Of the door for web and mobile: `http://127.0.0.1:<port>`. */
  readonly publicUrl: string;
  /** Of the admin gateway's door. */
  readonly staffUrl: string;
  /** The plain-text door beside a TLS one. */
  readonly plainUrl: string;
  readonly child: ChildProcess;
  /** Names of a backend's servers that get requests now, sorted. */
  up(backend: 'web' | 'mobile' | 'admin'): Promise<string[]>;
  stop(): Promise<void>;
}

/**
 * Starts HAProxy on the shipped configuration and free ports.
 * @param env what the configuration reads: instances (`MOBILE_1=127.0.0.1:3001`), `CHECK_EVERY`, `TLS_CERTS`; without
 * the last it serves plain HTTP. Instances that are not named refuse connections.
 */
export async function startHaproxy(env: Readonly<Record<string, string>>): Promise<HaproxyProcess> {
  const [open = 0, plain = 0, staff = 0, metrics = 0] = await freePorts(4);
  const tls = env['TLS_CERTS'] !== undefined;
  const child = spawn('haproxy', ['-db', '-f', haproxyConfig], {
    env: {
      PATH: process.env['PATH'],
      PUBLIC_BIND: `127.0.0.1:${open}`,
      PLAIN_BIND: `127.0.0.1:${plain}`,
      STAFF_BIND: `127.0.0.1:${staff}`,
      METRICS_BIND: `127.0.0.1:${metrics}`,
      ...(tls ? {} : { PLAIN_HTTP: '1' }),
      ...noInstances,
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const metricsUrl = `http://127.0.0.1:${metrics}/metrics`;
  await untilItAnswers(metricsUrl, child, () => stderr);
  const scheme = tls ? 'https' : 'http';
  return {
    publicUrl: `${scheme}://127.0.0.1:${tls ? open : plain}`,
    staffUrl: `${scheme}://127.0.0.1:${staff}`,
    plainUrl: `http://127.0.0.1:${plain}`,
    child,
    up: async (backend) => serversUp(await (await fetch(metricsUrl)).text(), backend),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function serversUp(metrics: string, backend: string): string[] {
  const line = /^haproxy_server_status\{proxy="([^"]+)",server="([^"]+)",state="UP"\} 1$/gm;
  return [...metrics.matchAll(line)].flatMap(([, proxy, server]) =>
    proxy === backend && server !== undefined ? [server] : [],
  );
}

/** Ports that were free a moment ago: HAProxy can't tell which one the system would choose for it. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  return Promise.all(
    servers.map(async (server) => {
      const { port } = server.address() as { port: number };
      const closed = once(server, 'close');
      server.close();
      await closed;
      return port;
    }),
  );
}

async function untilItAnswers(url: string, child: ChildProcess, stderr: () => string): Promise<void> {
  while (child.exitCode === null) {
    try {
      await fetch(url);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  throw new Error(`haproxy ended with ${child.exitCode}:\n${stderr()}`);
}
