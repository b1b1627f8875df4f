import { type LimitPolicy } from '@facet/context';
import {
  THROTTLER_BLOCK_DURATION,
  THROTTLER_KEY_GENERATOR,
  THROTTLER_LIMIT,
  THROTTLER_SKIP,
  THROTTLER_TRACKER,
  THROTTLER_TTL,
} from '@nestjs/throttler/dist/throttler.constants.js';

/** A handler and its controller: the handler's metadata wins. */
export type Targets = readonly [handler: object, controller: object];

/** What `@Throttle` and `@SkipThrottle` of @nestjs/throttler say about a handler. */
export interface StockLimits {
  readonly list: readonly LimitPolicy[];
  /** The default was replaced or skipped. */
  readonly withoutTier: boolean;
}

/**
 * Reads the stock decorators: `default` stands for the tier's limit, which `@Throttle` replaces and `@SkipThrottle`
 * drops; any other name is a limit of its own, beside the tier's. Counted per subject, or per address for callers
 * without one.
 * @throws Error for what a bucket has no place for: limits as functions, own trackers and keys, block durations
 */
export function stockLimits(targets: Targets): StockLimits {
  const declared = throttlerNames(targets);
  const list = declared
    .filter((name) => !skipped(name, targets))
    .map((name): LimitPolicy => {
      refuseUnsupported(name, targets);
      return {
        name,
        per: 'subject',
        limit: amount(THROTTLER_LIMIT, name, targets),
        windowMs: amount(THROTTLER_TTL, name, targets),
      };
    });
  return { list, withoutTier: declared.includes('default') || skipped('default', targets) };
}

function throttlerNames(targets: Targets): string[] {
  const keys = targets.flatMap((target): unknown[] => Reflect.getMetadataKeys(target));
  const ours = keys.filter(
    (key): key is string => typeof key === 'string' && key.startsWith(THROTTLER_LIMIT),
  );
  return [...new Set(ours.map((key) => key.slice(THROTTLER_LIMIT.length)))];
}

function skipped(name: string, targets: Targets): boolean {
  return read(THROTTLER_SKIP + name, targets) === true;
}

function amount(key: string, name: string, targets: Targets): number {
  const value = read(key + name, targets);
  if (typeof value !== 'number') throw new Error(`@Throttle "${name}": limit and ttl must be numbers`);
  return value;
}

function refuseUnsupported(name: string, targets: Targets): void {
  for (const key of [THROTTLER_TRACKER, THROTTLER_KEY_GENERATOR, THROTTLER_BLOCK_DURATION]) {
    if (read(key + name, targets) !== undefined) {
      throw new Error(`@Throttle "${name}": only limit and ttl are supported; declare it with @Limits`);
    }
  }
}

function read(key: string, targets: Targets): unknown {
  return targets
    .map((target): unknown => Reflect.getMetadata(key, target))
    .find((value) => value !== undefined);
}
