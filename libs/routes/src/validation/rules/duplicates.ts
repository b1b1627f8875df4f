import { type MatchRule, toMatchRules } from '../../matching/match-rule.ts';
import { patternShape } from '../../matching/path-pattern.ts';
import { type DeclaredRoute, faultOf, type Rule } from '../declared-route.ts';

/** Two routes may not take the same requests: neither is the more specific one. */
export const duplicatesRule: Rule = (routes) => {
  const rules = routes.map(rulesOf);
  return routes.flatMap((route, index) => {
    const first = rules.findIndex(
      (others, position) =>
        position < index && others.some((other) => rules[index]?.some((rule) => takesTheSame(rule, other))),
    );
    const other = routes[first];
    if (!other) return [];
    return [
      faultOf(
        route,
        ['path'],
        `takes the same requests as route "${other.declaration.id}" (${other.locate([])}): ` +
          'give them other methods or another match, or leave one out',
      ),
    ];
  });
};

export function rulesOf({ declaration, pattern }: DeclaredRoute): MatchRule[] {
  return pattern ? toMatchRules(declaration, pattern) : [];
}

/** Same host, paths and conditions, and a method in common. */
export function takesTheSame(a: MatchRule, b: MatchRule): boolean {
  return identity(a) === identity(b) && methodsMeet(a.methods, b.methods);
}

function identity({ host, pattern, headers, query }: MatchRule): string {
  const sorted = [headers, query].map((conditions) => [...conditions].sort(([a], [b]) => (a < b ? -1 : 1)));
  return JSON.stringify([host, patternShape(pattern), sorted]);
}

/** Every method beside named ones is no clash: the named are the more specific. */
function methodsMeet(a: ReadonlySet<string> | undefined, b: ReadonlySet<string> | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return !a.isDisjointFrom(b);
}
