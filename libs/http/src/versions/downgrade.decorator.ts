import { type Static, type TSchema } from 'typebox';
import { type ApiVersion } from './version-policy.ts';
import { versionStep } from './version-step.ts';

/**
 * Makes the answer of a legacy version from the next newer one, so that only the current version is implemented:
 * `@Downgrade('v1', orderV1, (order: Order) => ({ ... }))`. What is not in the schema cannot leave.
 * @param from pure
 */
export function Downgrade<Newer, Schema extends TSchema>(
  version: ApiVersion,
  schema: Schema,
  from: (newer: Newer) => Static<Schema>,
): MethodDecorator {
  return versionStep(version, schema, from);
}
