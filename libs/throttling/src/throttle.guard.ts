import { type StageReply, type StageRequest } from '@facet/context';
import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type ThrottlerModuleOptions, type ThrottlerStorage } from '@nestjs/throttler';
import { EndpointLimits, type Handler } from './endpoint-limits.ts';
import { InjectThrottlerOptions, InjectThrottlerStorage, ThrottlerGuard } from './stock-throttler.ts';
import { ThrottleStage } from './throttle.stage.ts';

/**
 * The stock guard's surface (`@Throttle`, `@SkipThrottle`, the class itself) over our stage: all limits in one
 * decision, no promise where the store needs none, no hash of a key per request.
 * @throws GatewayError `rate_limited`
 */
@Injectable()
export class ThrottleGuard extends ThrottlerGuard {
  constructor(
    @Inject(ThrottleStage) private readonly stage: ThrottleStage,
    @Inject(EndpointLimits) private readonly endpoints: EndpointLimits,
    @InjectThrottlerOptions() options: ThrottlerModuleOptions,
    @InjectThrottlerStorage() storage: ThrottlerStorage,
    reflector: Reflector,
  ) {
    super(options, storage, reflector);
  }

  /** The stock engine's own throttlers are not set up, on purpose: the stage decides. */
  override async onModuleInit(): Promise<void> {
    return Promise.resolve();
  }

  /** The stock type is a promise; Nest takes a plain boolean as well, and that saves one turn of the event loop's queue. */
  override canActivate(context: ExecutionContext): Promise<boolean> {
    const policy = this.endpoints.policyOf(context.getClass(), context.getHandler() as Handler);
    const request = context.getArgByIndex<StageRequest>(0);
    const waited = this.stage.run(request, context.getArgByIndex<StageReply>(1), policy);
    return (waited === undefined ? true : waited.then(() => true)) as Promise<boolean>;
  }
}
