import { type FieldRules } from '../declaration/fields.schema.ts';
import { type NamedRule, namedRules } from '../transforms/named-rules.ts';
import { type DeclaredRoute, each, type Rule, type Surroundings } from './declared-route.ts';

/** One set of rules of a route. */
export interface FieldPlace {
  readonly direction: 'request' | 'response';
  readonly kind: 'headers' | 'query';
  readonly rules: FieldRules;
}

/** The sets of rules a route has. */
export function fieldPlaces({ declaration: { request, response } }: DeclaredRoute): FieldPlace[] {
  const places = [
    { direction: 'request', kind: 'headers', rules: request?.headers },
    { direction: 'request', kind: 'query', rules: request?.query },
    { direction: 'response', kind: 'headers', rules: response?.headers },
  ] as const;
  return places.flatMap(({ rules, ...place }) => (rules ? [{ ...place, rules }] : []));
}

/** Lifts a check of one name in one set of rules; it says in words what is wrong. */
export function eachNamed(
  check: (
    named: NamedRule,
    place: FieldPlace,
    route: DeclaredRoute,
    surroundings: Surroundings,
  ) => readonly string[],
): Rule {
  return each((route, fault, surroundings) =>
    fieldPlaces(route).flatMap((place) =>
      namedRules(place.rules).flatMap((named) =>
        check(named, place, route, surroundings).map((message) =>
          fault(
            [place.direction, place.kind, ...named.path],
            `${place.direction}.${place.kind}.${named.rule} ${message}`,
          ),
        ),
      ),
    ),
  );
}
