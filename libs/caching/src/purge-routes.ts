import { type ManagementRequest, type ManagementRoutes } from '@facet/management';
import { Ajv } from 'ajv';
import { Type } from 'typebox';
import { type HttpCache } from './http-cache.ts';

const purgeSchema = Type.Union([
  Type.Object({ tag: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
  Type.Object({ path: Type.String({ pattern: '^/' }) }, { additionalProperties: false }),
]);
const ajv = new Ajv({ validateSchema: false });

/**
 * `POST /cache/purge` with `{ "tag": ... }` or `{ "path": ... }`, the upstream's path: with a query exactly that,
 * without one every query of it. Answers `{ "purged": <records> }`.
 */
export function addPurgeRoute(routes: ManagementRoutes, cache: HttpCache): void {
  routes.add('POST', '/cache/purge', async ({ body }: ManagementRequest) => {
    if (!ajv.validate<{ tag: string } | { path: string }>(purgeSchema, body))
      return { status: 400, body: { error: 'expected { "tag": "..." } or { "path": "/..." }' } };
    return { body: { purged: await cache.purge(body) } };
  });
}
