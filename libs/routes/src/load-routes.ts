import { compileRoute, type RouteDefaults } from './compile-route.ts';
import { type RouteSource } from './declaration/route-source.ts';
import { RouteTable } from './route-table.ts';
import { checkRoutes } from './validation/check-routes.ts';
import { type Surroundings } from './validation/declared-route.ts';
import { RouteFaults } from './validation/fault.ts';

/** What routes are loaded into. */
export interface RouteScene extends Surroundings, RouteDefaults {}

/**
 * Checks and compiles all sources into one table.
 * @throws `RouteFaults` with every fault of every source
 */
export function loadRoutes(sources: readonly RouteSource[], scene: RouteScene): RouteTable {
  const checked = checkRoutes(sources, scene);
  if ('faults' in checked) throw new RouteFaults(checked.faults);
  return new RouteTable(checked.routes.map((route) => compileRoute(route, scene)));
}
