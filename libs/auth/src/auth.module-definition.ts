import { type ApiKeysConfig, type JwtConfig } from '@facet/config';
import { ConfigurableModuleBuilder, type Type } from '@nestjs/common';
import { ApiKeyAuthenticator } from './api-key/api-key.authenticator.ts';
import { type Authenticator } from './authenticator.ts';
import { BearerAuthenticator } from './bearer/bearer.authenticator.ts';
import { ClaimTierResolver, TierResolver } from './tier-resolver.ts';

export interface AuthOptions {
  readonly jwt: JwtConfig;
  readonly apiKeys: ApiKeysConfig;
  readonly cache?: {
    /** Verified tokens held at most. Default 10,000. */
    readonly maxEntries?: number;
  };
}

interface AuthSeams {
  /** Asked in this order. Default: access tokens, API keys. */
  readonly authenticators: readonly Type<Authenticator>[];
  /** Default: the claim `tier`. */
  readonly tierResolver: Type<TierResolver>;
}

/** Injection token of the authenticators, in order. */
export const AUTHENTICATORS = Symbol('authenticators');

const seams: AuthSeams = {
  authenticators: [BearerAuthenticator, ApiKeyAuthenticator],
  tierResolver: ClaimTierResolver,
};

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: AUTH_OPTIONS } =
  new ConfigurableModuleBuilder<AuthOptions>({ moduleName: 'Auth' })
    .setExtras(seams, (definition, { authenticators, tierResolver }) => ({
      ...definition,
      global: true,
      providers: [
        ...(definition.providers ?? []),
        { provide: TierResolver, useClass: tierResolver },
        ...authenticators,
        {
          provide: AUTHENTICATORS,
          useFactory: (...list: Authenticator[]) => list,
          inject: [...authenticators],
        },
      ],
    }))
    .build();
