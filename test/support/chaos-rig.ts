import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RouteDeclaration } from '@facet/routes';
import { gatewayEnv, type GatewayProcess, HttpClient, startGateway } from '@facet/testing/gateway';
import { ScriptedUpstream } from '@facet/testing/upstreams';
import { type UpstreamReport } from '@facet/upstream';
import { SignJWT } from 'jose';
import { Leftovers } from './leftovers.ts';
import { endQuietly, manage } from './quiet-end.ts';

const names = ['auth', 'orders', 'payments', 'shipping', 'catalog', 'users'] as const;
type Name = (typeof names)[number];

/** Nobody listens on it. */
const nowhere = 'http://127.0.0.1:9';
const secret = 'a secret of tests, long enough for HS256';

export interface ChaosOptions<N extends Name> {
  /** Upstreams under script; the others refuse connections. */
  readonly scripted: readonly N[];
  /** Declared from the root, public and without limits unless they say otherwise. */
  readonly routes?: readonly (Pick<RouteDeclaration, 'id' | 'path' | 'upstream'> &
    Partial<RouteDeclaration>)[];
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * A built gateway in front of upstreams that do what they are told. Its end is part of every test: nothing under way,
 * exit code 0 on SIGTERM, no fault of its own in the log, and not a socket left at any upstream or in this process.
 */
export class ChaosRig<N extends Name> implements AsyncDisposable {
  readonly gateway: GatewayProcess;
  readonly client: HttpClient;
  readonly upstreams: Readonly<Record<N, ScriptedUpstream>>;
  readonly #folder: string;
  readonly #leftovers: Leftovers;

  private constructor(
    gateway: GatewayProcess,
    upstreams: Readonly<Record<N, ScriptedUpstream>>,
    folder: string,
    leftovers: Leftovers,
  ) {
    this.gateway = gateway;
    this.client = new HttpClient(gateway.url);
    this.upstreams = upstreams;
    this.#folder = folder;
    this.#leftovers = leftovers;
  }

  static async start<N extends Name>({ scripted, routes, env = {} }: ChaosOptions<N>): Promise<ChaosRig<N>> {
    const leftovers = new Leftovers();
    const folder = mkdtempSync(join(tmpdir(), 'facet-chaos-'));
    const upstreams = Object.fromEntries(
      await Promise.all(scripted.map(async (name) => [name, await ScriptedUpstream.start()] as const)),
    ) as Record<N, ScriptedUpstream>;
    const urls = Object.fromEntries(
      names.map((name) => [name, name in upstreams ? upstreams[name as N].url : nowhere]),
    );
    try {
      const gateway = await startGateway({
        app: 'gateway-mobile',
        env: { ...gatewayEnv(urls), ...environment(folder, routes), ...env },
      });
      return new ChaosRig(gateway, upstreams, folder, leftovers);
    } catch (error) {
      for (const name of scripted) await upstreams[name][Symbol.asyncDispose]();
      throw error;
    }
  }

  get url(): string {
    return this.gateway.url;
  }

  /** An access token; of the tier without a limit. */
  async token(subject = 'usr_1'): Promise<string> {
    return await new SignJWT({
      tier: 'enterprise',
      scope: 'orders:read orders:write profile:read',
      roles: [],
    })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .setIssuer('https://issuer.test')
      .setAudience('facet')
      .setSubject(subject)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode(secret));
  }

  /** What the management port says of an upstream. */
  async upstream(name: string): Promise<UpstreamReport> {
    return (await (await manage(this.gateway, `/breakers/${name}`)).json()) as UpstreamReport;
  }

  /** Lets its outcomes decide (`auto`, from scratch), or holds an upstream's circuit open or closed. */
  async hold(name: string, hold: 'open' | 'closed' | 'auto'): Promise<void> {
    await manage(this.gateway, `/breakers/${name}`, { method: 'PUT', body: { hold } });
  }

  /** The gateway's largest resident memory since the last call of `forgetPeak`, bytes; Linux only. */
  peakBytes(): number {
    const status = readFileSync(`/proc/${this.gateway.child.pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
  }

  /** Starts the peak anew at what is resident now, and answers that. */
  forgetPeak(): number {
    writeFileSync(`/proc/${this.gateway.child.pid}/clear_refs`, '5');
    return this.peakBytes();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
    await endQuietly(this.gateway);
    rmSync(this.#folder, { recursive: true });
    for (const upstream of Object.values<ScriptedUpstream>(this.upstreams)) {
      await upstream.closedDownTo(0);
      await upstream[Symbol.asyncDispose]();
    }
    await this.#leftovers.gone();
  }
}

function environment(folder: string, routes: ChaosOptions<Name>['routes']): Record<string, string> {
  const tiersFile = join(folder, 'tiers.json');
  const routesFile = join(folder, 'routes.json');
  writeFileSync(tiersFile, JSON.stringify({ anonymous: 'unlimited' }));
  const declared = routes?.map((route) => ({ auth: 'public', limits: 'off', ...route }));
  if (declared) writeFileSync(routesFile, JSON.stringify({ prefix: '', routes: declared }));
  return {
    JWT_ISSUER: 'https://issuer.test',
    JWT_ALGORITHMS: 'HS256',
    JWT_JWKS_URL: '',
    JWT_SECRET: secret,
    TIERS_FILE: tiersFile,
    ...(declared ? { ROUTES_FILE: routesFile } : {}),
  };
}
