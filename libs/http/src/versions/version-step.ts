import { type Static, type TSchema } from 'typebox';
import { extendRouteConfig } from '../route-metadata.ts';
import { type ApiVersion } from './version-policy.ts';

/** One step of a chain of versions: the answer of one, made from that of its neighbour on the way to the current one. */
export interface VersionStep {
  readonly schema: TSchema;
  readonly from: (neighbour: never) => unknown;
}

/** Says of an endpoint how a version other than the current one answers. What is not in the schema cannot leave. */
export function versionStep<Neighbour, Schema extends TSchema>(
  version: ApiVersion,
  schema: Schema,
  from: (neighbour: Neighbour) => Static<Schema>,
): MethodDecorator {
  return (_target, _key, descriptor: PropertyDescriptor) => {
    extendRouteConfig(descriptor.value as object, { versionSteps: { [version]: { schema, from } } });
  };
}
