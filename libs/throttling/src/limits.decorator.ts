import { type LimitPolicy, type Policy } from '@facet/context';
import { SetMetadata } from '@nestjs/common';

/** Metadata key of what `@Limits` declares, `Policy['limits']`, on a handler or a controller. */
export const limitsMetadata = 'facet:limits';

export interface LimitsOptions {
  /** These instead of the tier's limit, not as well as it. Default false. */
  readonly withoutTier?: boolean;
}

/**
 * Limits of an endpoint, or of every endpoint of a controller; the handler's win. All of them, and the tier's, are
 * decided at once: a refused request takes nothing from any. `off`: none at all, not even the tier's.
 *
 *     @Limits([{ name: 'login', per: 'client', limit: 10, windowMs: minutes(1), onStoreFailure: 'closed' }])
 */
export function Limits(
  list: readonly LimitPolicy[] | 'off',
  { withoutTier = false }: LimitsOptions = {},
): ClassDecorator & MethodDecorator {
  const limits: Policy['limits'] = list === 'off' ? 'off' : { list, withoutTier };
  return SetMetadata(limitsMetadata, limits);
}
