import { type Static, type TSchema } from 'typebox';
import { type ApiVersion } from './version-policy.ts';
import { versionStep } from './version-step.ts';

/**
 * Makes the answer of a preview version from the next older one: `@Upgrade('v3', orderV3, (order: Order) => ({ ... }))`.
 * When the preview becomes current, its view does, and this one turns into a `@Downgrade`.
 * @param from pure
 */
export function Upgrade<Older, Schema extends TSchema>(
  version: ApiVersion,
  schema: Schema,
  from: (older: Older) => Static<Schema>,
): MethodDecorator {
  return versionStep(version, schema, from);
}
