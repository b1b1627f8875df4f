import { extendRouteConfig, onHandlers } from '../route-metadata.ts';

/**
 * `Cache-Control` of an endpoint's answers, errors excepted: `@CacheControl('public, max-age=3600')`.
 * Without it every answer is `no-store`.
 */
export function CacheControl(value: string): MethodDecorator & ClassDecorator {
  return onHandlers((handler) => {
    extendRouteConfig(handler, { facet: { cacheControl: value } });
  });
}
