import { type HttpService } from '@nestjs/axios';
import { type OnApplicationShutdown } from '@nestjs/common';
import { type Clock } from '@facet/context';
import { type GatewayLog, type HealthChecks } from '@facet/management';
import { Breaker, Bulkhead, type FailureJudge, Pause, RetryBudget } from '@facet/resilience';
import type CircuitBreaker from 'opossum';
import { ExchangeStage } from './exchange-stage.ts';
import { type UpstreamMetrics } from './metrics.ts';
import { type JsonAnswer } from './json-answer.ts';
import { pipeline, type StageWrapper } from './pipeline.ts';
import { type TransportFactory } from './transport-factory.ts';
import { type Transport } from './transport/transport.ts';
import { type UpstreamDefinition } from './upstream-definition.ts';
import { StreamStage } from './stream-stage.ts';
import { UpstreamHttp } from './upstream-http.ts';
import { type UpstreamSettings, upstreamSettings } from './upstream-settings.ts';
import { upstreamHealth } from './upstream-report.ts';
import { UpstreamClient } from './upstream.client.ts';

export interface UpstreamsParts {
  /** `gateway-mobile` */
  readonly gateway: string;
  readonly clock: Clock;
  readonly judge: FailureJudge;
  readonly transports: TransportFactory;
  readonly metrics?: UpstreamMetrics | undefined;
  /** Told of every upstream, for `/health/deps`. */
  readonly health?: HealthChecks | undefined;
  /** Told when a circuit opens or closes. */
  readonly log?: GatewayLog | undefined;
  /** The cache stage of an upstream's JSON calls; undefined where there is none. */
  readonly cache?: ((upstream: string) => StageWrapper<JsonAnswer> | undefined) | undefined;
  /** 0 <= random() < 1; default `Math.random`. */
  readonly random?: () => number;
}

/** One upstream with all that belongs to it. What is off is absent. */
export interface Upstream {
  readonly settings: UpstreamSettings;
  readonly client: UpstreamClient;
  readonly transport: Transport;
  readonly breaker: Breaker | undefined;
  readonly bulkhead: Bulkhead | undefined;
  readonly budget: RetryBudget;
}

/** Retrying is off, but a route may still ask for it. */
const noRetry = { attempts: 1, baseDelayMs: 50, maxDelayMs: 1_000 };

/** Every upstream of this gateway, by name. */
export class Upstreams implements OnApplicationShutdown {
  readonly #parts: UpstreamsParts;
  readonly #upstreams = new Map<string, Upstream>();

  constructor(parts: UpstreamsParts) {
    this.#parts = parts;
  }

  /** Declares one more upstream. Throws naming every fault of the definition. */
  add(definition: UpstreamDefinition): UpstreamClient {
    const [settings] = upstreamSettings([definition]) as [UpstreamSettings];
    const transport = this.#parts.transports.create(settings);
    return this.open(settings, transport, new UpstreamHttp(settings, transport)).client;
  }

  /** Ends an upstream that `add` declared, with its sockets, its circuit, its health and its metrics. Unknown: nothing. */
  async remove(name: string): Promise<void> {
    const upstream = this.#upstreams.get(name);
    if (upstream === undefined) return;
    this.#upstreams.delete(name);
    this.#parts.health?.removeDependency(name);
    upstream.breaker?.shutdown();
    await upstream.transport.close();
    this.#parts.metrics?.forget(name);
  }

  /** @param http what JSON calls go through: the upstream's own `HttpService` or a test double of it */
  open(settings: UpstreamSettings, transport: Transport, http: HttpService): Upstream {
    const { name } = settings;
    if (this.#upstreams.has(name)) throw new Error(`upstream ${name}: name is declared twice`);
    const { clock, judge, gateway, metrics, cache, random = Math.random } = this.#parts;
    const breaker = settings.breaker && new Breaker(clock, name, settings.breaker);
    const bulkhead = settings.bulkhead && new Bulkhead(clock, name, settings.bulkhead);
    const budget = new RetryBudget(clock, settings.retryBudgetShare);
    const pause = new Pause(clock, settings.maxPauseMs);
    const parts = { settings, clock, judge, breaker, bulkhead, budget, pause, metrics, random };
    const calls = pipeline(new ExchangeStage(name, http, transport), parts, {
      retry: settings.retry,
      answers: 'read',
      cache: cache?.(name),
    });
    const forwards = pipeline(new StreamStage(transport), parts, {
      // Passing on, an answer of any status is the answer, unless the route's policy says otherwise.
      retry: { ...(settings.retry ?? noRetry), statuses: [] },
      answers: 'passed',
    });
    const client = new UpstreamClient({ gateway, settings, clock, calls, forwards });
    const upstream = { settings, client, transport, breaker, bulkhead, budget };
    this.#upstreams.set(name, upstream);
    if (breaker) this.#watch(breaker, name);
    this.#parts.health?.addDependency(name, () => upstreamHealth(upstream));
    return upstream;
  }

  /** The client of a declared upstream; throws for a name nobody declared. */
  client(name: string): UpstreamClient {
    return this.get(name).client;
  }

  names(): string[] {
    return [...this.#upstreams.keys()];
  }

  get(name: string): Upstream {
    const upstream = this.#upstreams.get(name);
    if (upstream === undefined) throw new Error(`upstream ${name} is not declared`);
    return upstream;
  }

  all(): Upstream[] {
    return [...this.#upstreams.values()];
  }

  has(name: string): boolean {
    return this.#upstreams.has(name);
  }

  /** The upstream's opossum breaker, for its events and statistics; undefined when breaking is off. */
  breaker(name: string): CircuitBreaker | undefined {
    return this.get(name).breaker?.opossum;
  }

  #watch(breaker: Breaker, upstream: string): void {
    const { metrics, log } = this.#parts;
    metrics?.watchCircuit(breaker, upstream);
    breaker.opossum.on('open', () => log?.warn('circuit opened', { upstream, state: 'open' }));
    breaker.opossum.on('close', () => log?.info('circuit closed', { upstream, state: 'closed' }));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  /** Closes all sockets and stops all timers; calls under way fail with `draining`. */
  async close(): Promise<void> {
    for (const { breaker } of this.all()) breaker?.shutdown();
    await Promise.all(this.all().map(({ transport }) => transport.close()));
  }
}
