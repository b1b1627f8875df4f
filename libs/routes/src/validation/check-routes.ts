import { type RouteDeclaration } from '../declaration/route.schema.ts';
import { type RouteSource } from '../declaration/route-source.ts';
import { parsePattern } from '../matching/path-pattern.ts';
import { type DeclaredRoute, type Rule, type Surroundings } from './declared-route.ts';
import { type Fault } from './fault.ts';
import { prune } from './prune.ts';
import { accessRule } from './rules/access.ts';
import { cachingRule } from './rules/caching.ts';
import { contradictionsRule } from './rules/contradictions.ts';
import { duplicatesRule } from './rules/duplicates.ts';
import { headerNamesRule } from './rules/header-names.ts';
import { headerValuesRule } from './rules/header-values.ts';
import { idsRule } from './rules/ids.ts';
import { limitsRule } from './rules/limits.ts';
import { methodsRule } from './rules/methods.ts';
import { patternsRule } from './rules/patterns.ts';
import { predicatesRule } from './rules/predicates.ts';
import { rewritesRule } from './rules/rewrites.ts';
import { setCookieRule } from './rules/set-cookie.ts';
import { shadowsRule } from './rules/shadows.ts';
import { templatesRule } from './rules/templates.ts';
import { upstreamsRule } from './rules/upstreams.ts';
import { schemaFaults } from './schema-faults.ts';

const rules: readonly Rule[] = [
  idsRule,
  patternsRule,
  methodsRule,
  predicatesRule,
  duplicatesRule,
  shadowsRule,
  upstreamsRule,
  rewritesRule,
  accessRule,
  limitsRule,
  cachingRule,
  headerNamesRule,
  headerValuesRule,
  setCookieRule,
  templatesRule,
  contradictionsRule,
];

/** A route that passed every rule. */
export interface CheckedRoute extends DeclaredRoute {
  readonly declaration: RouteDeclaration;
  readonly pattern: NonNullable<DeclaredRoute['pattern']>;
}

/** Runs the schema and every rule over all sources together: all faults come at once. */
export function checkRoutes(
  sources: readonly RouteSource[],
  surroundings: Surroundings,
): { readonly routes: readonly CheckedRoute[] } | { readonly faults: readonly Fault[] } {
  const read = sources.map((source) => readSource(source, surroundings));
  const routes = read.flatMap((source) => source.routes);
  const faults = [
    ...read.flatMap((source) => source.faults),
    ...rules.flatMap((rule) => rule(routes, surroundings)),
  ];
  return faults.length > 0
    ? { faults: faults.toSorted(byPlace) }
    : { routes: routes as readonly CheckedRoute[] };
}

function readSource(source: RouteSource, { prefix: gatewayPrefix }: Surroundings) {
  const refused = schemaFaults(source.value);
  const { prefix = gatewayPrefix, routes: declarations = [] } = prune(source.value, refused);
  const routes = declarations.map((declared, index): DeclaredRoute => {
    const declaration: Partial<RouteDeclaration> = typeof declared === 'object' ? (declared ?? {}) : {};
    const pattern = declaration.path === undefined ? '' : parsePattern(prefix + declaration.path);
    return {
      declaration,
      prefix,
      ...(typeof pattern === 'string' ? {} : { pattern }),
      locate: (path) => source.locate(['routes', index, ...path]),
    };
  });
  const faults = refused.map(({ path, message }): Fault => {
    const id = path[0] === 'routes' ? routes[Number(path[1])]?.declaration.id : undefined;
    return { where: source.locate(path), ...(id === undefined ? {} : { route: id }), message };
  });
  return { routes, faults };
}

/** In the order of the file: `routes.yaml:9` before `routes.yaml:10`. */
function byPlace(a: Fault, b: Fault): number {
  return a.where.localeCompare(b.where, 'en', { numeric: true });
}
