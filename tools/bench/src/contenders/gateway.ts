import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Contender, type RunningContender, type Surroundings } from '../contender.ts';
import { serverCore, spawnPinned, stopProcess } from '../processes/pinned.ts';
import { startRedis } from '../processes/redis.ts';

const root = join(import.meta.dirname, '../../../..');
const built = join(root, 'dist/apps/gateway-mobile');
/** A bundle to measure instead: an older build beside `dist`, for a comparison in one run. */
const bundle = (): string => process.env['GATEWAY_BUNDLE'] || join(built, 'gateway.js');
/** Options for Node itself: those that a built gateway's `npm start` has, or others to compare with. */
const nodeOptions = (): string[] =>
  (process.env['GATEWAY_NODE_OPTIONS'] ?? startOptions()).split(' ').filter(Boolean);
function startOptions(): string {
  const { scripts } = JSON.parse(readFileSync(join(built, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  return scripts.start.replace(/^node | ?main\.js$/g, '');
}
const notBuilt = (): string | undefined =>
  existsSync(bundle()) ? undefined : 'run `npx nx build gateway-mobile` first';

/** Limits that are counted on every request and never refuse. */
const tiers = 'premium: { rate: 9999999/m }\nanonymous: { rate: 9999999/m }\n';

const routes = `
prefix: ''
routes:
  - id: pass
    path: /pass/*
    upstream: orders
    auth: jwt
    timeoutMs: 3000
    retry: { attempts: 2 }
  - id: cached
    path: /cached/*
    upstream: orders
    auth: jwt
    cache: { identity: public }
`;

interface Variant {
  readonly name: string;
  readonly work: string;
  readonly path: string;
  readonly right: (body: string, surroundings: Surroundings) => boolean;
  readonly redis?: boolean;
}

const same = (body: string, { ordersBody }: Surroundings): boolean => body === ordersBody;

function shaped(body: string, { ordersBody }: Surroundings): boolean {
  const ids = (text: string): string[] =>
    (JSON.parse(text) as { items: { id: string }[] }).items.map(({ id }) => id);
  return ids(body).join() === ids(ordersBody).join() && body.length < ordersBody.length / 4;
}

const variants: readonly Variant[] = [
  {
    name: 'gateway-mobile, full chain',
    work: 'JWT, tier limit, deadline, retry, breaker, shaping, log, metrics',
    path: '/api/mobile/orders',
    right: shaped,
  },
  {
    name: 'gateway-mobile, full chain, limits in Redis',
    work: 'the same with one Redis round trip',
    path: '/api/mobile/orders',
    right: shaped,
    redis: true,
  },
  {
    name: 'gateway-mobile, pass-through',
    work: 'JWT, tier limit, deadline, retry, breaker, log, metrics; streamed',
    path: '/pass/orders',
    right: same,
  },
  {
    name: 'gateway-mobile, cached',
    work: 'JWT, tier limit, cache hit, log, metrics',
    path: '/cached/orders',
    right: same,
  },
];

export const gatewayContenders: readonly Contender[] = variants.map((variant) => ({
  name: variant.name,
  work: variant.work,
  missing: notBuilt,
  start: (surroundings) => start(variant, surroundings),
}));

async function start(variant: Variant, surroundings: Surroundings): Promise<RunningContender> {
  const redis = variant.redis ? await startRedis() : undefined;
  const child = spawnPinned(
    serverCore,
    process.execPath,
    [...nodeOptions(), bundle()],
    environment(surroundings, redis?.url),
  );
  const port = await readyPort(child);
  return {
    probe: {
      port,
      path: variant.path,
      headers: { authorization: `Bearer ${surroundings.token}` },
      right: (body) => variant.right(body, surroundings),
    },
    processes: [child],
    stop: async () => {
      await stopProcess(child);
      await redis?.stop();
    },
  };
}

function environment(surroundings: Surroundings, redisUrl: string | undefined): Record<string, string> {
  const tiersFile = join(surroundings.folder, 'tiers.yaml');
  const routesFile = join(surroundings.folder, 'routes.yaml');
  const keysFile = join(surroundings.folder, 'keys.json');
  writeFileSync(tiersFile, tiers);
  writeFileSync(routesFile, routes);
  writeFileSync(keysFile, '[]');
  const upstreams = ['AUTH', 'ORDERS', 'PAYMENTS', 'SHIPPING', 'CATALOG', 'USERS'];
  return {
    NODE_ENV: 'production',
    PORT: '0',
    MANAGEMENT_PORT: '0',
    DRAIN_DELAY_MS: '0',
    JWT_ISSUER: surroundings.issuer,
    JWT_AUDIENCE: 'facet',
    JWT_ALGORITHMS: 'RS256',
    JWT_JWKS_URL: surroundings.jwksUrl,
    API_KEYS_FILE: keysFile,
    TIERS_FILE: tiersFile,
    ROUTES_FILE: routesFile,
    ...Object.fromEntries(upstreams.map((name) => [`UPSTREAM_${name}_URL`, surroundings.upstreamUrl])),
    ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
  };
}

async function readyPort(child: ReturnType<typeof spawnPinned>): Promise<number> {
  if (!child.stdout) throw new Error('no stdout to read the port from');
  const lines = createInterface({ input: child.stdout });
  const port = Promise.withResolvers<number>();
  const { stdout } = child;
  lines.on('line', (line) => {
    if (!line.includes('"managementUrl"')) return;
    port.resolve(Number(new URL((JSON.parse(line) as { url: string }).url).port));
    lines.close();
    // The access log is read, as a collector would, but not taken apart.
    stdout.resume();
  });
  void once(child, 'exit').then(([code]) =>
    port.reject(new Error(`the gateway ended with ${code} before it was ready`)),
  );
  return port.promise;
}
