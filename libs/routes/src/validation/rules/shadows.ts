import { compareRules, type MatchRule, ruleCovers } from '../../matching/match-rule.ts';
import { patternShape } from '../../matching/path-pattern.ts';
import { type DeclaredRoute, faultOf, type Rule, type Surroundings } from '../declared-route.ts';
import { rulesOf, takesTheSame } from './duplicates.ts';

interface Candidate {
  readonly route: DeclaredRoute;
  readonly rule: MatchRule;
}

/** A route nobody can reach: one asked before it, or an endpoint, takes all that is its own. */
export const shadowsRule: Rule = (routes, surroundings) => {
  const ordered = routes
    .flatMap((route) => rulesOf(route).map((rule): Candidate => ({ route, rule })))
    .toSorted((a, b) => compareRules(a.rule, b.rule));
  return ordered.flatMap(({ route, rule }, index) => {
    const earlier = ordered
      .slice(0, index)
      .find((other) => other.route !== route && takesAll(other.rule, rule));
    const by = earlier
      ? `route "${earlier.route.declaration.id}" (${earlier.route.locate([])})`
      : endpointFor(rule, surroundings);
    if (by === undefined) return [];
    return [
      faultOf(route, ['path'], `is never reached: ${by} takes all its requests; leave it out or match less`),
    ];
  });
};

/** Rules that take the same are duplicates, which says more. */
function takesAll(wide: MatchRule, narrow: MatchRule): boolean {
  return ruleCovers(wide, narrow) && !takesTheSame(wide, narrow);
}

function endpointFor(rule: MatchRule, { endpoints }: Surroundings): string | undefined {
  const shape = patternShape(rule.pattern);
  const methods = endpoints
    .filter(({ pattern }) => patternShape(pattern) === shape)
    .map(({ method }) => method);
  const taken = rule.methods !== undefined && [...rule.methods].every((method) => methods.includes(method));
  return taken ? `an endpoint of this gateway (${[...rule.methods].join(', ')})` : undefined;
}
