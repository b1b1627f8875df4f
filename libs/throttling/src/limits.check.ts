import { Inject, Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/internal';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { EndpointLimits } from './endpoint-limits.ts';
import { ThrottlePlanner } from './throttle-plan.ts';

/** Reads the limits of every endpoint at start, so that a wrong one stops the start and not a request. */
@Injectable()
export class LimitsCheck implements OnModuleInit {
  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(MetadataScanner) private readonly scanner: MetadataScanner,
    @Inject(EndpointLimits) private readonly endpoints: EndpointLimits,
    @Inject(ThrottlePlanner) private readonly planner: ThrottlePlanner,
  ) {}

  /** @throws AggregateError with every fault found */
  onModuleInit(): void {
    const faults = this.discovery
      .getControllers()
      .flatMap(({ metatype }) => this.#faultsOf(metatype as Type));
    if (faults.length > 0) {
      throw new AggregateError(faults, faults.map((fault) => (fault as Error).message).join('\n'));
    }
  }

  #faultsOf(controller: Type): unknown[] {
    const prototype = controller.prototype as Record<string, (...args: never[]) => unknown>;
    return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
      const handler = prototype[name];
      if (handler === undefined || !Reflect.hasMetadata(PATH_METADATA, handler)) return [];
      try {
        this.planner.plan(this.endpoints.policyOf(controller, handler), 'anonymous');
        return [];
      } catch (fault) {
        return [fault];
      }
    });
  }
}
