import { type Static, type TSchema } from 'typebox';
import { extendRouteConfig } from '../route-metadata.ts';
import { type ApiVersion } from './version-policy.ts';

/** One step of the chain: the answer of an older version, made from that of the next newer one. */
export interface Downgrade {
  readonly schema: TSchema;
  readonly from: (newer: never) => unknown;
}

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
  return (_target, _key, descriptor: PropertyDescriptor) => {
    extendRouteConfig(descriptor.value as object, { downgrades: { [version]: { schema, from } } });
  };
}
