import { type Clock } from '@facet/context';
import { type RouteDeclaration } from '@facet/routes';
import { FakeClock } from '@facet/testing';
import { HttpClient } from '@facet/testing/gateway';
import { ScriptedUpstream } from '@facet/testing/upstreams';
import { type Upstream, type UpstreamDefinition, Upstreams } from '@facet/upstream';
import { JsonEndpoint } from './json-endpoint.ts';
import { Leftovers } from './leftovers.ts';
import { RouteGateway, type RouteGatewayOptions } from './route-gateway.ts';
import { until } from './until.ts';

export interface ClockRigOptions<N extends string> {
  /** Upstreams under script and how each is declared. */
  readonly upstreams: Readonly<Record<N, Omit<UpstreamDefinition, 'name' | 'url'>>>;
  /** Declared from `/api/web`, public and without limits unless they say otherwise. */
  readonly routes?: readonly (Pick<RouteDeclaration, 'id' | 'path' | 'upstream'> &
    Partial<RouteDeclaration>)[];
  readonly config?: RouteGatewayOptions['config'];
  readonly limits?: RouteGatewayOptions['limits'];
  readonly overload?: RouteGatewayOptions['overload'];
  /** Default: one that is on time. */
  readonly clock?: FakeClock;
}

/**
 * A gateway in this process whose time moves only when told, in front of upstreams under script. It serves
 * `/api/web/json/:upstream/:item` and the declared routes. Its end asserts that nothing is left behind.
 */
export class ClockRig<N extends string> implements AsyncDisposable {
  readonly clock: FakeClock;
  readonly gateway: RouteGateway;
  readonly client: HttpClient;
  readonly upstreams: Readonly<Record<N, ScriptedUpstream>>;
  readonly #leftovers: Leftovers;

  private constructor(
    clock: FakeClock,
    gateway: RouteGateway,
    upstreams: Readonly<Record<N, ScriptedUpstream>>,
    leftovers: Leftovers,
  ) {
    this.clock = clock;
    this.gateway = gateway;
    this.client = new HttpClient(`${gateway.url}/api/web`);
    this.upstreams = upstreams;
    this.#leftovers = leftovers;
  }

  static async start<N extends string>(options: ClockRigOptions<N>): Promise<ClockRig<N>> {
    const leftovers = new Leftovers();
    const { clock = new FakeClock(Date.now()) } = options;
    const names = Object.keys(options.upstreams) as N[];
    const upstreams = Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await ScriptedUpstream.start()] as const)),
    ) as Record<N, ScriptedUpstream>;
    const gateway = await RouteGateway.start({
      clock: clock satisfies Clock,
      controllers: [JsonEndpoint],
      upstreams: names.map((name) => ({ name, url: upstreams[name].url, ...options.upstreams[name] })),
      routes: (options.routes ?? []).map((route) => ({ auth: 'public', limits: 'off', ...route })),
      ...(options.config ? { config: options.config } : {}),
      ...(options.limits ? { limits: options.limits } : {}),
      ...(options.overload ? { overload: options.overload } : {}),
    });
    return new ClockRig(clock, gateway, upstreams, leftovers);
  }

  /** An upstream as the gateway knows it: breaker, bulkhead, budget, transport. */
  inside(name: N): Upstream {
    return this.gateway.get(Upstreams).get(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
    await this.gateway[Symbol.asyncDispose]();
    for (const upstream of Object.values<ScriptedUpstream>(this.upstreams)) {
      await upstream.closedDownTo(0);
      await upstream[Symbol.asyncDispose]();
    }
    const endMs = performance.now() + 2_000;
    await until(() => this.clock.pendingTimers === 0 || performance.now() > endMs);
    if (this.clock.pendingTimers > 0) throw new Error(`${this.clock.pendingTimers} timers are left`);
    const fault = this.gateway.log.find(({ level, status }) => level === 'fatal' || status === 500);
    if (fault) throw new Error(`the gateway failed: ${JSON.stringify(fault)}`);
    await this.#leftovers.gone();
  }
}
