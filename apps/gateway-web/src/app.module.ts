import { AccessGuard, AccessStage, AuthGuard, AuthModule, AuthStage } from '@facet/auth';
import { CachingModule, JsonCaching } from '@facet/caching';
import { type GatewayConfig } from '@facet/config';
import { HttpModule, LoadGuard, LoadStage } from '@facet/http';
import { ObservabilityModule } from '@facet/observability';
import { RoutesModule, routeValues } from '@facet/routes';
import { StoreModule } from '@facet/store';
import { ThrottleGuard, ThrottleStage, ThrottlingModule } from '@facet/throttling';
import { UpstreamModule } from '@facet/upstream';
import { AuthClientModule } from '@facet/upstreams-auth';
import { CatalogClientModule } from '@facet/upstreams-catalog';
import { OrdersClientModule } from '@facet/upstreams-orders';
import { PaymentsClientModule } from '@facet/upstreams-payments';
import { ShippingClientModule } from '@facet/upstreams-shipping';
import { UsersClientModule } from '@facet/upstreams-users';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuthController } from './auth/auth.controller.ts';
import { upstreamDefinitions } from './config.ts';
import { HomeAggregate } from './home/home.aggregate.ts';
import { HomeController } from './home/home.controller.ts';
import { OrdersController } from './orders/orders.controller.ts';
import { PaymentsController } from './payments/payments.controller.ts';
import { ProductsController } from './products/products.controller.ts';
import { UserController } from './user/user.controller.ts';

const upstreamClients = [
  AuthClientModule,
  OrdersClientModule,
  PaymentsClientModule,
  ShippingClientModule,
  CatalogClientModule,
  UsersClientModule,
];

/** The whole gateway, in the order of a request. */
@Module({})
export class AppModule {
  static register(config: GatewayConfig): DynamicModule {
    const upstreams = upstreamDefinitions(config);
    const json = new JsonCaching(upstreams);
    return {
      module: AppModule,
      imports: [
        // 1 Hooks: request context, sizes, hygiene, problems; what happens is logged and counted.
        HttpModule.register(config),
        ObservabilityModule.register({ gateway: config.name, logLevel: config.log.level }),
        // Where shared state lives: this process's memory, or Redis.
        StoreModule.register({ redisUrl: config.redisUrl, gateway: config.name }),
        // 2 and 4 Who calls, and may they.
        AuthModule.register({ jwt: config.jwt, apiKeys: config.apiKeys }),
        // 3 How often.
        ThrottlingModule.register({ tiers: config.tiers, legacyFields: config.throttling.legacyHeaders }),
        // 7 The way to the upstreams, with the cache on it, and a typed client for each.
        CachingModule.register({ gateway: config.name, json }),
        UpstreamModule.register({ gateway: config.name, definitions: upstreams, cache: json.stage }),
        ...upstreamClients,
        // Declared routes: what no endpoint answers, through the same stages.
        RoutesModule.register({
          prefix: config.prefix,
          file: config.routesFile,
          stages: [AuthStage, LoadStage, ThrottleStage, AccessStage],
          values: routeValues(process.env),
          bodyLimitBytes: config.server.bodyLimitBytes,
        }),
      ],
      providers: [
        { provide: APP_GUARD, useClass: AuthGuard },
        { provide: APP_GUARD, useClass: LoadGuard },
        { provide: APP_GUARD, useClass: ThrottleGuard },
        { provide: APP_GUARD, useClass: AccessGuard },
        // 6 Screens of several upstreams.
        HomeAggregate,
      ],
      // 5 Endpoints, each with its views (8).
      controllers: [
        AuthController,
        UserController,
        OrdersController,
        ProductsController,
        PaymentsController,
        HomeController,
      ],
    };
  }
}
