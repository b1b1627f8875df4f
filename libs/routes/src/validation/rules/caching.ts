import { each } from '../declared-route.ts';

/** Only GET and HEAD are cached. */
export const cachingRule = each(({ declaration: { cache, methods } }, fault) => {
  if (!cache || methods === undefined || methods.some((method) => method === 'GET' || method === 'HEAD'))
    return [];
  return [fault(['cache'], 'cache has no effect: only GET and HEAD are cached, and methods has neither')];
});
