import { type RouteDeclaration } from '../declaration/route.schema.ts';
import { type PathPattern } from '../matching/path-pattern.ts';
import { type Fault } from './fault.ts';

/** A route as rules see it: what the schema refused is left out, so that every rule can still speak of the rest. */
export interface DeclaredRoute {
  readonly declaration: Partial<RouteDeclaration>;
  readonly prefix: string;
  /** Prefix and path read; absent when they can't be. */
  readonly pattern?: PathPattern;
  /** Where a part of the route stands. */
  locate(path: readonly (string | number)[]): string;
}

/** What routes may refer to. */
export interface Surroundings {
  /** The gateway's own prefix. */
  readonly prefix: string;
  /** Names of the declared upstreams. */
  readonly upstreams: ReadonlySet<string>;
  /** Values of `${config.…}`. */
  readonly config: Readonly<Record<string, string>>;
  /** Endpoints of controllers: they win over routes. */
  readonly endpoints: readonly { readonly method: string; readonly pattern: PathPattern }[];
}

/** One rule of the declaration. It reports, and decides nothing else. */
export type Rule = (routes: readonly DeclaredRoute[], surroundings: Surroundings) => Fault[];

/** Lifts a rule about one route, which says where and what. */
export function each(
  rule: (
    route: DeclaredRoute,
    fault: (path: readonly (string | number)[], message: string) => Fault,
    surroundings: Surroundings,
  ) => readonly Fault[],
): Rule {
  return (routes, surroundings) =>
    routes.flatMap((route) => rule(route, (path, message) => faultOf(route, path, message), surroundings));
}

/** A fault of one route. */
export function faultOf(route: DeclaredRoute, path: readonly (string | number)[], message: string): Fault {
  const { id } = route.declaration;
  return { where: route.locate(path), ...(id === undefined ? {} : { route: id }), message };
}
