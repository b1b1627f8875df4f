import { type TiersConfig } from '@facet/config';
import { ConfigurableModuleBuilder } from '@nestjs/common';
import { type RefusalNumbers } from './refusal-bucket.ts';

export interface ThrottlingOptions {
  readonly tiers: TiersConfig;
  /** Also send `X-RateLimit-*`. Default false. */
  readonly legacyFields?: boolean;
  /** Keys held in memory at most. Default 1,000,000. */
  readonly maxKeys?: number;
  /** Refusals (400, 401, 403) an address may cause before it is turned away unread. Default 6,000 a minute. */
  readonly refusals?: RefusalNumbers | 'off';
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } =
  new ConfigurableModuleBuilder<ThrottlingOptions>({ moduleName: 'Throttling' })
    .setExtras({}, (definition) => ({ ...definition, global: true }))
    .build();
