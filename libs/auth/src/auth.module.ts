import { Clock, KnownTiers } from '@facet/context';
import { GatewayLog, HealthChecks, ManagementRoutes } from '@facet/management';
import { RedisConnection } from '@facet/store';
import { Module, Optional } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Registry } from 'prom-client';
import { AccessStage } from './access.stage.ts';
import { AccessRulesCheck } from './access/access-rules.check.ts';
import { ApiKeys } from './api-key/api-keys.ts';
import { FailureLimit } from './api-key/failure-limit.ts';
import {
  AUTH_OPTIONS,
  AUTHENTICATORS,
  type AuthOptions,
  ConfigurableModuleClass,
} from './auth.module-definition.ts';
import { AuthStage } from './auth.stage.ts';
import { type Authenticator } from './authenticator.ts';
import { JwtStrategy } from './bearer/jwt.strategy.ts';
import { TokenCache } from './bearer/token-cache.ts';
import { addAuthHealth } from './health.ts';
import { addKnownTiers } from './known-tiers.ts';
import { HttpJwksSource } from './keys/http-jwks.source.ts';
import { JwksKeySet } from './keys/jwks-key-set.ts';
import { KeySet } from './keys/key-set.ts';
import { SecretKeySet } from './keys/secret-key-set.ts';
import { registerAuthMetrics } from './metrics.ts';
import { MemoryRevocationStore } from './revocation/memory-revocation.store.ts';
import { RedisRevocationStore } from './revocation/redis-revocation.store.ts';
import { addRevocationRoutes } from './revocation/revocation-routes.ts';
import { RevocationStore } from './revocation/revocation.store.ts';
import { Revocations } from './revocation/revocations.ts';
import { Sessions } from './revocation/sessions.ts';
import { TierResolver } from './tier-resolver.ts';

const log = { token: GatewayLog, optional: true };

/** Needs `Clock` from the application; `GatewayLog`, `HealthChecks` and prom-client's `Registry` are used when there. */
@Module({
  imports: [DiscoveryModule],
  providers: [
    AccessRulesCheck,
    AccessStage,
    { provide: KeySet, useFactory: keySet, inject: [AUTH_OPTIONS, Clock, log] },
    {
      provide: ApiKeys,
      useFactory: ({ apiKeys }: AuthOptions, clock: Clock, gatewayLog?: GatewayLog) =>
        new ApiKeys(apiKeys, clock, gatewayLog),
      inject: [AUTH_OPTIONS, Clock, log],
    },
    {
      provide: FailureLimit,
      useFactory: (clock: Clock) => new FailureLimit(clock),
      inject: [Clock],
    },
    {
      provide: TokenCache,
      useFactory: ({ cache }: AuthOptions, clock: Clock) => new TokenCache(clock, cache?.maxEntries),
      inject: [AUTH_OPTIONS, Clock],
    },
    {
      provide: JwtStrategy,
      useFactory: (
        { jwt }: AuthOptions,
        keys: KeySet,
        tiers: TierResolver,
        revocations: Revocations,
        clock: Clock,
      ) => new JwtStrategy(jwt, keys, tiers, revocations, clock),
      inject: [AUTH_OPTIONS, KeySet, TierResolver, Revocations, Clock],
    },
    {
      provide: RevocationStore,
      useFactory: (clock: Clock, redis?: RedisConnection) =>
        redis === undefined ? new MemoryRevocationStore() : new RedisRevocationStore(redis, clock),
      inject: [Clock, { token: RedisConnection, optional: true }],
    },
    {
      provide: Revocations,
      useFactory: (store: RevocationStore, clock: Clock, gatewayLog?: GatewayLog) =>
        new Revocations(store, clock, gatewayLog),
      inject: [RevocationStore, Clock, log],
    },
    Sessions,
    {
      provide: AuthStage,
      useFactory: (authenticators: Authenticator[], clock: Clock) => new AuthStage(authenticators, clock),
      inject: [AUTHENTICATORS, Clock],
    },
  ],
  exports: [AuthStage, AccessStage, KeySet, Sessions],
})
export class AuthModule extends ConfigurableModuleClass {
  constructor(
    keys: KeySet,
    apiKeys: ApiKeys,
    cache: TokenCache,
    revocations: Revocations,
    @Optional() health?: HealthChecks,
    @Optional() registry?: Registry,
    @Optional() routes?: ManagementRoutes,
    @Optional() knownTiers?: KnownTiers,
  ) {
    super();
    if (health) addAuthHealth(health, keys, apiKeys);
    if (registry) registerAuthMetrics(registry, keys, cache, revocations);
    if (routes) addRevocationRoutes(routes, revocations);
    if (knownTiers) addKnownTiers(knownTiers, cache, apiKeys);
  }
}

function keySet({ jwt }: AuthOptions, clock: Clock, gatewayLog?: GatewayLog): KeySet {
  return 'secret' in jwt.keys
    ? new SecretKeySet(jwt.keys.secret, jwt.algorithms)
    : new JwksKeySet(new HttpJwksSource(jwt.keys.jwksUrl), jwt.algorithms, clock, gatewayLog);
}
