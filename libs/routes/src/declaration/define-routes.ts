import { type RouteDeclaration } from './route.schema.ts';

/**
 * Routes declared in TypeScript: the same words, rules and checks as `ROUTES_FILE`, the compiler's help on top.
 * They are checked when the gateway that gets them starts, not here.
 */
export function defineRoutes(routes: readonly RouteDeclaration[]): readonly RouteDeclaration[] {
  return routes;
}
