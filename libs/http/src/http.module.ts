import { type DynamicModule, Module } from '@nestjs/common';
import { type GatewayConfig } from '@facet/config';
import { Clock, KnownTiers, systemClock } from '@facet/context';
import { HealthChecks, ManagementRoutes } from '@facet/management';
import { Registry } from 'prom-client';
import { FrontDoor } from './overload/front-door.ts';
import { LoadStage } from './overload/load.guard.ts';
import { type OverloadLimits, Pressure } from './overload/pressure.ts';
import { Shedding } from './overload/shedding.ts';
import { Traffic } from './overload/traffic.ts';

export interface HttpModuleOverrides {
  /** For tests. */
  readonly clock?: Clock;
  readonly overload?: Partial<OverloadLimits>;
}

/** What every part of a gateway may ask for: time, the operators' routes, the health checks and the load stage. */
@Module({})
export class HttpModule {
  static register(_config: GatewayConfig, overrides: HttpModuleOverrides = {}): DynamicModule {
    return {
      module: HttpModule,
      global: true,
      providers: [
        { provide: Clock, useValue: overrides.clock ?? systemClock },
        { provide: ManagementRoutes, useValue: new ManagementRoutes() },
        { provide: HealthChecks, useValue: new HealthChecks() },
        { provide: KnownTiers, useValue: new KnownTiers() },
        { provide: Traffic, useValue: new Traffic() },
        {
          provide: Pressure,
          useFactory: (traffic: Traffic, clock: Clock) => new Pressure(traffic, clock, overrides.overload),
          inject: [Traffic, Clock],
        },
        {
          provide: FrontDoor,
          useFactory: (clock: Clock, knownTiers: KnownTiers, traffic: Traffic) =>
            new FrontDoor({ clock, knownTiers, traffic }, overrides.overload),
          inject: [Clock, KnownTiers, Traffic],
        },
        {
          provide: Shedding,
          useFactory: (pressure: Pressure, registry: Registry) => new Shedding(pressure, registry),
          inject: [Pressure, Registry],
        },
        LoadStage,
      ],
      exports: [Clock, KnownTiers, ManagementRoutes, HealthChecks, LoadStage],
    };
  }
}
