import { type GatewayConfig } from '@facet/config';
import { Clock } from '@facet/context';
import { type Reason } from '@facet/errors';
import { GatewayLog } from '@facet/management';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Registry } from 'prom-client';
import { type ArrivalSettings } from './hooks/arrival.hook.ts';
import { HttpMetrics } from './metrics.ts';
import { FrontDoor } from './overload/front-door.ts';
import { Shedding } from './overload/shedding.ts';
import { Traffic } from './overload/traffic.ts';
import { ProblemAnswers } from './problem/problem-answers.ts';
import { CorsPolicies } from './reply/cors.ts';
import { TrustedProxies } from './request/client-address.ts';

/** What hooks and server share, from the app's providers and its config. */
export class GatewayParts implements ArrivalSettings {
  readonly clock: Clock;
  readonly log: GatewayLog;
  readonly gateway: string;
  readonly requestDeadlineMs: number;
  readonly proxies: TrustedProxies;
  readonly cors: CorsPolicies;
  readonly traffic: Traffic;
  readonly shedding: Shedding;
  readonly door: FrontDoor;
  readonly metrics: HttpMetrics;
  readonly problems: ProblemAnswers;
  readonly onRefusal = (reason: Reason): void => this.metrics.connectionRefusals.inc({ reason });

  constructor(app: NestFastifyApplication, config: GatewayConfig) {
    const { server, name } = config;
    this.clock = app.get(Clock, { strict: false });
    this.log = app.get(GatewayLog, { strict: false });
    this.gateway = name;
    this.requestDeadlineMs = server.requestDeadlineMs;
    this.traffic = app.get(Traffic, { strict: false });
    this.shedding = app.get(Shedding, { strict: false });
    this.door = app.get(FrontDoor, { strict: false });
    this.proxies = new TrustedProxies(server.trustedProxies);
    this.cors = new CorsPolicies(server.corsOrigins);
    this.metrics = new HttpMetrics(app.get(Registry, { strict: false }), name, this.traffic);
    this.problems = new ProblemAnswers(name, this.cors, this.log);
  }
}
