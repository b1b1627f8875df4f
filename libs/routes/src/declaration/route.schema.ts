import { type Static, Type } from 'typebox';
import { closed, fieldRulesSchema } from './fields.schema.ts';
import { breakerSchema, cacheSchema, corsSchema, limitsSchema, retrySchema } from './policies.schema.ts';

const condition = Type.Union(
  [Type.String(), Type.Array(Type.String(), { minItems: 1 }), Type.Literal(true)],
  {
    description: 'an exact value, a list of them, or true for any value',
  },
);
const hostPattern = '^(\\*\\.)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$';
const host = Type.String({
  pattern: hostPattern,
  description: 'a host name without port, api.shop.example or *.shop.example',
});

const matchSchema = closed({
  host: Type.Optional(
    Type.Union([host, Type.Array(host, { minItems: 1 })], { description: 'a host name, or a list of them' }),
  ),
  headers: Type.Optional(Type.Record(Type.String({ minLength: 1 }), condition, { minProperties: 1 })),
  query: Type.Optional(Type.Record(Type.String({ minLength: 1 }), condition, { minProperties: 1 })),
});

/** One declared route, as written in `ROUTES_FILE` or handed to `defineRoutes`. */
export const routeSchema = closed({
  id: Type.String({
    pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
    description: 'a unique name of letters, digits, . _ - (at most 64)',
  }),
  path: Type.String({
    pattern: '^/',
    maxLength: 1024,
    description: 'a path from /, after the prefix, with :parameters and a trailing /*',
  }),
  methods: Type.Optional(
    Type.Array(Type.String({ pattern: '^[A-Z]+(-[A-Z]+)*$', description: 'a method in upper case' }), {
      minItems: 1,
      uniqueItems: true,
      description: 'a list of methods in upper case; absent: every method; GET brings HEAD',
    }),
  ),
  match: Type.Optional(matchSchema),
  upstream: Type.String({ minLength: 1, description: 'the name of a declared upstream, or an http(s) URL' }),
  rewrite: Type.Optional(
    Type.String({ pattern: '^/', maxLength: 1024, description: 'a path from / with the parameters of path' }),
  ),
  stripPrefix: Type.Optional(
    Type.Boolean({ description: 'true or false (default): drop the prefix before forwarding' }),
  ),
  auth: Type.Enum(['public', 'jwt', 'apiKey', 'any'], {
    description: 'who may call: public, jwt, apiKey or any (of the credentials); there is no default',
  }),
  scopes: Type.Optional(
    Type.Array(Type.String({ minLength: 1 }), { minItems: 1, description: 'a list of scopes, all needed' }),
  ),
  roles: Type.Optional(
    Type.Array(Type.String({ minLength: 1 }), { minItems: 1, description: 'a list of roles, one needed' }),
  ),
  limits: Type.Optional(limitsSchema),
  timeoutMs: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 3_600_000,
      description: 'milliseconds until the answer starts; default: as the upstream is declared',
    }),
  ),
  retry: Type.Optional(retrySchema),
  breaker: Type.Optional(breakerSchema),
  compression: Type.Optional(
    Type.Enum(['on', 'off'], { description: 'on (default) or off: may the gateway compress the answer' }),
  ),
  bodyLimitBytes: Type.Optional(
    Type.Union([Type.Literal('none'), Type.Integer({ minimum: 1 })], {
      description: 'none, or bytes from 1; default: the gateway’s limit',
    }),
  ),
  forwardCredentials: Type.Optional(
    Type.Array(Type.Enum(['authorization', 'cookie', 'x-api-key']), {
      uniqueItems: true,
      description:
        'which of authorization, cookie, x-api-key go on to the upstream; default: as it is declared',
    }),
  ),
  cors: Type.Optional(corsSchema),
  cache: Type.Optional(cacheSchema),
  request: Type.Optional(
    closed({ headers: Type.Optional(fieldRulesSchema), query: Type.Optional(fieldRulesSchema) }),
  ),
  response: Type.Optional(closed({ headers: Type.Optional(fieldRulesSchema) })),
});

/** One declared route. */
export type RouteDeclaration = Static<typeof routeSchema>;
