import { GatewayError } from '@facet/errors';
import { canonicalPath, furtherReadings, isReadInOneWay } from './matching/canonical-path.ts';
import { type MatchRequest, RuleTable } from './matching/rule-table.ts';
import { type Route } from './route.ts';

/** All declared routes of a gateway in their total order. Immutable: a reload makes a new one. */
export class RouteTable {
  readonly routes: readonly Route[];
  readonly #rules: RuleTable<Route>;

  constructor(routes: readonly Route[]) {
    this.routes = routes;
    this.#rules = new RuleTable(
      routes.flatMap((route) => route.rules.map((rule) => ({ rule, value: route }))),
    );
  }

  /** Every rule with its route, in the order they are asked. */
  get entries(): RuleTable<Route>['entries'] {
    return this.#rules.entries;
  }

  /**
   * The route of a request.
   * @param request `path` as it came
   * @throws `malformed_request` when the path has a second reading that reaches another route, or none at all: the
   * upstream might take it for a path that another policy guards
   */
  find(request: MatchRequest): Route | undefined {
    const path = canonicalPath(request.path);
    if (path === undefined) throw ambiguous();
    const route = this.#rules.find({ ...request, path });
    if (isReadInOneWay(path)) return route;
    const readings = furtherReadings(path);
    if (!readings?.every((reading) => this.#rules.find({ ...request, path: reading }) === route))
      throw ambiguous();
    return route;
  }

  /** For `Allow`: methods of the routes that fit but for the method. */
  allowedMethods(request: MatchRequest): string[] {
    const path = canonicalPath(request.path);
    return path === undefined ? [] : this.#rules.allowedMethods({ ...request, path });
  }
}

function ambiguous(): GatewayError {
  return new GatewayError('malformed_request', { detail: 'The path is ambiguous' });
}
