import { extendRouteConfig, onHandlers } from '../route-metadata.ts';
import { type VersionPolicy } from './version-policy.ts';

/**
 * Gives an endpoint, or all of a controller, API versions: asked for by path (`/api/web/v1/orders`) or by the
 * `API-Version` field, the path first. Endpoints without it have no versions: a version in their path is 404, the
 * field is ignored.
 */
export function Versioned(policy: VersionPolicy): MethodDecorator & ClassDecorator {
  return onHandlers((handler) => {
    extendRouteConfig(handler, { versions: policy });
  });
}
