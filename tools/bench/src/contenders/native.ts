import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type Contender, type Surroundings } from '../contender.ts';
import { serverCore, spawnPinned, stopProcess } from '../processes/pinned.ts';
import { freePort } from '../processes/redis.ts';

interface Native {
  readonly name: string;
  readonly work: string;
  readonly program: string;
  readonly config: (port: number, surroundings: Surroundings) => string;
  readonly args: (file: string) => readonly string[];
}

const address = ({ upstreamUrl }: Surroundings): string => new URL(upstreamUrl).host;

const natives: readonly Native[] = [
  {
    name: 'nginx',
    work: 'relay, limit_req',
    program: 'nginx',
    config: (port, surroundings) => `
daemon off; worker_processes 1; pid ${surroundings.folder}/nginx.pid; error_log stderr crit;
events { worker_connections 1024; }
http {
  access_log off;
  limit_req_zone $binary_remote_addr zone=all:1m rate=1000000r/s;
  upstream orders { server ${address(surroundings)}; keepalive 64; keepalive_requests 1000000; }
  keepalive_requests 1000000;
  server { listen 127.0.0.1:${port}; location / {
    limit_req zone=all burst=1000000 nodelay;
    proxy_pass http://orders; proxy_http_version 1.1; proxy_set_header Connection "";
  } }
}`,
    args: (file) => ['-c', file],
  },
  {
    name: 'HAProxy',
    work: 'RS256 verified on each request, stick-table limit, relay',
    program: 'haproxy',
    config: (port, surroundings) => `
global
  nbthread 1
defaults
  mode http
  timeout connect 1s
  timeout client 30s
  timeout server 30s
  option http-keep-alive
frontend all
  bind 127.0.0.1:${port}
  stick-table type string len 128 size 100k expire 60s store http_req_rate(60s)
  http-request set-var(txn.token) http_auth_bearer
  http-request deny deny_status 401 unless { var(txn.token),jwt_header_query('$.alg') -m str RS256 }
  http-request deny deny_status 401 unless { var(txn.token),jwt_verify("RS256","${surroundings.publicKeyFile}") 1 }
  http-request deny deny_status 401 unless { var(txn.token),jwt_payload_query('$.iss') -m str ${surroundings.issuer} }
  http-request track-sc0 var(txn.token),jwt_payload_query('$.sub')
  http-request deny deny_status 429 if { sc_http_req_rate(0) gt 100000000 }
  default_backend orders
backend orders
  http-reuse always
  server one ${address(surroundings)}
`,
    args: (file) => ['-q', '-db', '-f', file],
  },
];

export const nativeContenders: readonly Contender[] = natives.map((native) => ({
  name: native.name,
  work: native.work,
  missing: () =>
    spawnSync('which', [native.program]).status === 0 ? undefined : `${native.program} is not installed`,
  start: async (surroundings) => {
    const port = await freePort();
    const file = join(surroundings.folder, `${native.program}.conf`);
    writeFileSync(file, native.config(port, surroundings));
    const child = spawnPinned(serverCore, native.program, native.args(file));
    await listening(port);
    return {
      probe: {
        port,
        path: '/orders',
        headers: { authorization: `Bearer ${surroundings.token}` },
        right: (body) => body === surroundings.ordersBody,
      },
      processes: [child],
      stop: () => stopProcess(child),
    };
  },
}));

/** Resolves when something accepts connections there; native servers tell nobody when they are ready. */
async function listening(port: number): Promise<void> {
  const end = performance.now() + 5_000;
  while (performance.now() < end) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      }).once('error', () => resolve(false));
    });
    if (open) return;
  }
  throw new Error(`nothing listens on port ${port}`);
}
