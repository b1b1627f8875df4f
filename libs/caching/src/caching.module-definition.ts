import { ConfigurableModuleBuilder } from '@nestjs/common';
import { type JsonCaching } from './json/json-caching.ts';

export interface CachingOptions {
  /** Name of the gateway: what its cache is called in `Cache-Status`. */
  readonly gateway: string;
  /** The stage that was handed to `UpstreamModule`; absent: JSON calls are not cached. */
  readonly json?: JsonCaching;
  /** For the store in memory, all counted. Default 64 MiB. */
  readonly maxBytes?: number;
  /** Longer answers are not stored. Default 2 MiB. */
  readonly maxEntryBytes?: number;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: cachingOptions } =
  new ConfigurableModuleBuilder<CachingOptions>({ moduleName: 'Caching' })
    .setExtras({}, (definition) => ({ ...definition, global: true }))
    .build();
