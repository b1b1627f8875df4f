import { ConfigurableModuleBuilder, type Type } from '@nestjs/common';
import { type FailureJudge } from '@facet/resilience';
import { type JsonAnswer } from './json-answer.ts';
import { type StageWrapper } from './pipeline.ts';
import { type TransportFactory } from './transport-factory.ts';
import { type UpstreamDefinition } from './upstream-definition.ts';

export interface UpstreamModuleOptions {
  /** `gateway-mobile`: named in `Via` and `User-Agent`. */
  readonly gateway: string;
  readonly definitions: readonly UpstreamDefinition[];
  /** Who decides what an attempt says of its upstream. Default `StandardFailureJudge`. */
  readonly judge?: Type<FailureJudge>;
  /** What carries calls. Default `SocketTransportFactory`. */
  readonly transports?: Type<TransportFactory>;
  /** The cache stage of an upstream's JSON calls; undefined where there is none. Default: no cache. */
  readonly cache?: (upstream: string) => StageWrapper<JsonAnswer> | undefined;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: upstreamOptions } =
  new ConfigurableModuleBuilder<UpstreamModuleOptions>({ moduleName: 'Upstream' }).build();
