import { type CachePolicy } from '@facet/caching';
import { type AccessPolicy, type HttpPolicy, type LimitPolicy, type Policy } from '@facet/context';
import { parseRate } from '@facet/config';
import { type AdHocUpstreams, isAdHocUpstream } from './ad-hoc-upstream.ts';
import { type RouteDeclaration } from './declaration/route.schema.ts';
import { toMatchRules } from './matching/match-rule.ts';
import { paramNames } from './matching/path-pattern.ts';
import { type Route } from './route.ts';
import { compileTarget } from './target-path.ts';
import { compileHeaderRules } from './transforms/header-rules.ts';
import { compileQueryRules } from './transforms/query-rules.ts';
import { type CheckedRoute } from './validation/check-routes.ts';

/** What routes take when they don't say. */
export interface RouteDefaults {
  readonly bodyLimitBytes: number;
  readonly config: Readonly<Record<string, string>>;
  readonly adHocUpstreams: AdHocUpstreams;
}

/** Compiles a route that passed every rule. */
export function compileRoute(checked: CheckedRoute, defaults: RouteDefaults): Route {
  const { declaration, pattern, prefix } = checked;
  const { request, response, retry, bodyLimitBytes = defaults.bodyLimitBytes } = declaration;
  const scope = { params: paramNames(pattern), config: defaults.config };
  const adHocUpstream = isAdHocUpstream(declaration.upstream)
    ? defaults.adHocUpstreams.read(declaration.upstream, declaration.id, declaration.breaker)
    : undefined;
  return defined({
    id: declaration.id,
    declaration,
    pattern,
    rules: toMatchRules(declaration, pattern),
    upstream: adHocUpstream?.name ?? declaration.upstream,
    adHocUpstream,
    policy: policyOf(declaration, pattern.text),
    http: httpPolicyOf(declaration, pattern.text),
    target: compileTarget({
      pattern,
      rewrite: declaration.rewrite,
      stripSegments: declaration.stripPrefix === true ? prefix.split('/').length - 1 : 0,
      basePath: adHocUpstream?.basePath ?? '',
    }),
    requestHeaders: compileHeaderRules(request?.headers, scope),
    requestQuery: compileQueryRules(request?.query, scope),
    responseHeaders: compileHeaderRules(response?.headers, scope),
    attempts: retry === 'off' ? 1 : retry?.attempts,
    cache: declaration.cache && cachePolicyOf(declaration.cache),
    bodyLimitBytes: bodyLimitBytes === 'none' ? Infinity : bodyLimitBytes,
  });
}

function policyOf(declaration: RouteDeclaration, template: string): Policy {
  const { limits = 'tier' } = declaration;
  return {
    route: template,
    access: accessOf(declaration),
    limits: Array.isArray(limits)
      ? { list: limitPolicies(declaration.id, limits), withoutTier: true }
      : limits,
  };
}

function accessOf({
  auth,
  scopes = [],
  roles = [],
  forwardCredentials = [],
}: RouteDeclaration): AccessPolicy {
  // Credentials that a public route passes on are the upstream's own: the gateway has no opinion of them.
  const open = forwardCredentials.length > 0 ? 'ignore' : 'public';
  const accept = {
    public: open,
    jwt: ['bearer'],
    apiKey: ['apiKey'],
    any: ['bearer', 'apiKey', 'session'],
  } as const;
  return { accept: accept[auth], scopes, roles };
}

type Limits = Exclude<RouteDeclaration['limits'], undefined | 'off'>;

function limitPolicies(id: string, limits: Limits): LimitPolicy[] {
  return limits.map((limit, index) => {
    const { per, rate, ...rest } = limit;
    const before = limits.slice(0, index).filter((other) => other.per === per).length;
    const name = per === 'total' ? totalName(limit) : `${id}-${per}${before === 0 ? '' : `-${before + 1}`}`;
    const { limit: count, windowMs } = parseRate(rate) ?? { limit: 1, windowMs: 1_000 };
    return { name, per, limit: count, windowMs, ...rest };
  });
}

/** Routes that declare the same total share it; any other limit is named after its route. */
function totalName({ rate, burst, algorithm }: Limits[number]): string {
  return ['total', rate, burst && `burst-${burst}`, algorithm].filter((part) => part !== undefined).join('-');
}

function httpPolicyOf({ timeoutMs, compression, cors }: RouteDeclaration, template: string): HttpPolicy {
  return {
    route: template,
    ambiguousPath: 'pass',
    body: 'raw',
    compression: compression === 'off' ? 'off' : 'auto',
    etag: 'off',
    cacheControl: 'origin',
    securityHeaders: 'ifAbsent',
    ...(timeoutMs === undefined ? {} : { deadlineMs: timeoutMs }),
    ...(cors === undefined ? {} : { cors }),
  };
}

function cachePolicyOf(declared: NonNullable<RouteDeclaration['cache']>): CachePolicy {
  const { ttlSeconds, staleWhileRevalidateSeconds, staleIfErrorSeconds, ...rest } = declared;
  const ms = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1_000);
  return defined({
    ...rest,
    ttlMs: ms(ttlSeconds),
    staleWhileRevalidateMs: ms(staleWhileRevalidateSeconds),
    staleIfErrorMs: ms(staleIfErrorSeconds),
  });
}

/** Leaves out what is undefined: absent is not the same for the readers. */
function defined<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
