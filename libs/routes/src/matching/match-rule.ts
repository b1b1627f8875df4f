import { anyHost, hostCovers, type HostPattern, hostRank } from './host-pattern.ts';
import { comparePatterns, type PathPattern, patternCovers } from './path-pattern.ts';
import { type Conditions, conditionsCover, conditionsWeight, toConditions } from './predicates.ts';

/** What decides which requests are a route's own; a route with several hosts has a rule for each. */
export interface MatchRule {
  readonly host: HostPattern;
  readonly pattern: PathPattern;
  /** Absent: every method. `GET` brings `HEAD`. */
  readonly methods?: ReadonlySet<string>;
  readonly headers: Conditions;
  readonly query: Conditions;
}

type DeclaredConditions = Readonly<Record<string, string | readonly string[] | true>>;

/** Reads the matching words of a declaration. */
export function toMatchRules(
  {
    methods,
    match = {},
  }: {
    readonly methods?: readonly string[];
    readonly match?: {
      readonly host?: string | readonly string[];
      readonly headers?: DeclaredConditions;
      readonly query?: DeclaredConditions;
    };
  },
  pattern: PathPattern,
): MatchRule[] {
  return [match.host ?? anyHost].flat().map((host) => ({
    host: host.toLowerCase(),
    pattern,
    ...(methods ? { methods: new Set(methods.includes('GET') ? [...methods, 'HEAD'] : methods) } : {}),
    headers: toConditions(match.headers, (name) => name.toLowerCase()),
    query: toConditions(match.query),
  }));
}

/**
 * The total order, which rule is asked first: by host, path, methods, header and query conditions, each the more
 * specific first (the precedence of the Kubernetes Gateway API, HTTPRouteRule). Equals stay in the order of declaration.
 */
export function compareRules(a: MatchRule, b: MatchRule): number {
  return (
    hostRank(b.host) - hostRank(a.host) ||
    a.host.localeCompare(b.host) ||
    comparePatterns(a.pattern, b.pattern) ||
    Number(a.methods === undefined) - Number(b.methods === undefined) ||
    conditionsWeight(b.headers) - conditionsWeight(a.headers) ||
    conditionsWeight(b.query) - conditionsWeight(a.query)
  );
}

/** Whether every request that meets `narrow` meets `wide` too. */
export function ruleCovers(wide: MatchRule, narrow: MatchRule): boolean {
  return (
    hostCovers(wide.host, narrow.host) &&
    patternCovers(wide.pattern, narrow.pattern) &&
    (wide.methods === undefined || narrow.methods?.isSubsetOf(wide.methods) === true) &&
    conditionsCover(wide.headers, narrow.headers) &&
    conditionsCover(wide.query, narrow.query)
  );
}
