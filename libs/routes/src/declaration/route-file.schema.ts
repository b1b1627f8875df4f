import { type Static, Type } from 'typebox';
import { routeSchema } from './route.schema.ts';

/** `ROUTES_FILE`: published at `docs/routes.schema.json`; a test holds the two together. */
export const routeFileSchema = Type.Object(
  {
    $schema: Type.Optional(Type.String({ description: 'where an editor finds this schema; ignored' })),
    prefix: Type.Optional(
      Type.String({
        pattern: '^(/[A-Za-z0-9._~-]+)*$',
        description: 'a path without trailing slash, /api; empty: the root; default: the gateway’s prefix',
      }),
    ),
    routes: Type.Array(routeSchema, { description: 'a list of routes' }),
  },
  {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Declared routes of a Facet gateway',
    additionalProperties: false,
  },
);

/** The content of a `ROUTES_FILE`. */
export type RouteFile = Static<typeof routeFileSchema>;
