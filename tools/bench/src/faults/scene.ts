import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type DevStack, startDevStack } from '@facet/tools-upstreams';
import { serverCore, spawnPinned, stopProcess } from '../processes/pinned.ts';
import { HangingUpstream } from './hanging-upstream.ts';
import { WhoUpstream } from './who-upstream.ts';

const root = join(import.meta.dirname, '../../../..');
const app = join(root, 'dist/apps/gateway-mobile/gateway.js');

export interface Answer {
  /** 0: none came. */
  readonly status: number;
  readonly body: string;
  readonly tookMs: number;
}

/** A built gateway in front of the dev stack, of one upstream that never answers and of one that tells who asks. */
export interface Scene {
  readonly stack: DevStack;
  readonly hanging: HangingUpstream;
  readonly who: WhoUpstream;
  readonly port: number;
  /** Of a user without a limit. */
  readonly token: string;
  get(path: string, signal?: AbortSignal): Promise<Answer>;
  /** Asks as another user of the dev stack. */
  as(username: string): Promise<(path: string) => Promise<Answer>>;
  /** State of an upstream's circuit. */
  circuit(upstream: string): Promise<string>;
  /** No faults, everything running, circuits closed, nothing under way. */
  putRight(): Promise<void>;
  stop(): Promise<void>;
}

export async function startScene(): Promise<Scene> {
  if (!existsSync(app)) throw new Error('run `npx nx build gateway-mobile` first');
  const stack = await startDevStack();
  const hanging = await HangingUpstream.start();
  const who = await WhoUpstream.start();
  const folder = mkdtempSync(join(tmpdir(), 'facet-faults-'));
  const child = spawnPinned(
    serverCore,
    process.execPath,
    [app],
    environment(folder, stack, { hanging, who }),
  );
  const { url, managementUrl } = await readiness(child.stdout);
  const { port } = new URL(url);
  const token = await login(stack.urls.auth, 'enterprise');
  const agent = new Agent({ keepAlive: true });
  return {
    stack,
    hanging,
    who,
    port: Number(port),
    token,
    get: (path, signal) => get({ agent, port, path, token, ...(signal && { signal }) }),
    as: async (username) => {
      const own = await login(stack.urls.auth, username);
      return (path) => get({ agent, port, path, token: own });
    },
    circuit: async (upstream) => (await manage<{ state: string }>(managementUrl, upstream)).state,
    putRight: async () => {
      for (const service of Object.values(stack.services)) {
        await service.start();
        service.clearFaults();
        service.clearHits();
        await fetch(`${managementUrl}/breakers/${service.name}/reset`, { method: 'POST' });
      }
    },
    stop: async () => {
      agent.destroy();
      await stopProcess(child);
      await hanging.stop();
      await who.stop();
      await stack.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Runs `one` for 0 to `count - 1`, `lanes` at a time, and answers the results in order. */
export async function many<T>(
  count: number,
  lanes: number,
  one: (index: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) results[index] = await one(index);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}

/** Requests a service has had since its hits were cleared. */
export function hits({ stack }: Scene, name: 'orders'): number {
  return Object.values(stack.services[name].hits()).reduce((sum, count) => sum + count, 0);
}

function environment(
  folder: string,
  stack: DevStack,
  { hanging, who }: Pick<Scene, 'hanging' | 'who'>,
): Record<string, string> {
  const routesFile = join(folder, 'routes.json');
  const tiersFile = join(folder, 'tiers.json');
  const route = { auth: 'public', limits: 'off', retry: 'off' };
  const routes = [
    { ...route, id: 'hanging', path: '/hanging/*', upstream: hanging.url, breaker: 'off' },
    { ...route, id: 'hurried', path: '/hurried/*', upstream: hanging.url, breaker: 'off', timeoutMs: 300 },
    { ...route, id: 'half-open', path: '/half-open', upstream: hanging.secureUrl, breaker: 'off' },
    { ...route, id: 'who', path: '/who/*', upstream: who.url, auth: 'jwt' },
    {
      ...route,
      id: 'who-cached',
      path: '/who-cached/*',
      upstream: who.url,
      auth: 'jwt',
      cache: { identity: 'perSubject' },
    },
  ];
  writeFileSync(routesFile, JSON.stringify({ prefix: '', routes }));
  writeFileSync(tiersFile, JSON.stringify({ anonymous: 'unlimited' }));
  const upstreams = Object.entries(stack.urls);
  return {
    NODE_ENV: 'production',
    PORT: '0',
    MANAGEMENT_PORT: '0',
    DRAIN_DELAY_MS: '0',
    JWT_ISSUER: stack.urls.auth,
    JWT_AUDIENCE: 'facet',
    JWT_ALGORITHMS: 'ES256',
    JWT_JWKS_URL: `${stack.urls.auth}/.well-known/jwks.json`,
    API_KEYS_FILE: join(root, 'tools/upstreams/data/api-keys.json'),
    TIERS_FILE: tiersFile,
    ROUTES_FILE: routesFile,
    ...Object.fromEntries(upstreams.map(([name, url]) => [`UPSTREAM_${name.toUpperCase()}_URL`, url])),
  };
}

async function readiness(
  stdout: NodeJS.ReadableStream | null,
): Promise<{ url: string; managementUrl: string }> {
  if (stdout === null) throw new Error('no stdout to read the port from');
  const lines = createInterface({ input: stdout });
  for await (const line of lines)
    if (line.includes('"managementUrl"')) {
      stdout.resume();
      return JSON.parse(line) as { url: string; managementUrl: string };
    }
  throw new Error('the gateway ended before it was ready');
}

async function login(authUrl: string, username: string): Promise<string> {
  const answer = await fetch(`${authUrl}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: 'demo' }),
  });
  return ((await answer.json()) as { accessToken: string }).accessToken;
}

async function manage<T>(managementUrl: string, upstream: string): Promise<T> {
  return (await (await fetch(`${managementUrl}/breakers/${upstream}`)).json()) as T;
}

interface Call {
  readonly agent: Agent;
  readonly port: string;
  readonly path: string;
  readonly token: string;
  readonly signal?: AbortSignal;
}

/** node:http and no more, so that the client's own time is small. */
async function get({ token, ...options }: Call): Promise<Answer> {
  const startedAtMs = performance.now();
  const answer = (status: number, body: string): Answer => ({
    status,
    body,
    tookMs: performance.now() - startedAtMs,
  });
  const sent = request({ host: '127.0.0.1', headers: { authorization: `Bearer ${token}` }, ...options });
  sent.end();
  try {
    const [response] = (await once(sent, 'response')) as [AsyncIterable<Buffer> & { statusCode: number }];
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    return answer(response.statusCode, Buffer.concat(chunks).toString());
  } catch {
    return answer(0, '');
  }
}
