import { type StageRequest } from '@facet/context';
import { hostName } from '../matching/host-pattern.ts';
import { type MatchRequest } from '../matching/rule-table.ts';
import { type Route } from '../route.ts';
import { type RouteTable } from '../route-table.ts';
import { type TemplateValues } from '../transforms/template.ts';
import { RawSegments } from '../matching/raw-segments.ts';

/** A request with the route that takes it; it stays with that route though a reload replaces the table. */
export interface FoundRoute {
  readonly route: Route;
  /** As it came, without query. */
  readonly path: string;
  /** As it came, with `?`; empty: there was none. */
  readonly search: string;
}

/** Finds the route of a request; a preflight is looked up by the method it asks about. */
export function findRoute(table: RouteTable, request: StageRequest): FoundRoute | undefined {
  const match = matchRequest(request);
  const asked = askedMethod(request);
  const route =
    (asked === undefined ? undefined : ofGateway(table, { ...match, method: asked })) ?? table.find(match);
  return route && { route, path: match.path, search: searchOf(request.url) };
}

/** What the table looks at. */
export function matchRequest({ method, url, headers }: StageRequest): MatchRequest {
  const mark = url.indexOf('?');
  const { host } = headers;
  return {
    method,
    host: hostName(typeof host === 'string' ? host : undefined),
    path: mark === -1 ? url : url.slice(0, mark),
    query: mark === -1 ? '' : url.slice(mark + 1),
    headers,
  };
}

/** What templates of the route see of the request. */
export function templateValues({ route, path }: FoundRoute, { facet }: StageRequest): TemplateValues {
  const segments = new RawSegments(route.pattern, path);
  return { principal: facet.principal, param: (name) => decodeURIComponent(segments.param(name)) };
}

function searchOf(url: string): string {
  const mark = url.indexOf('?');
  return mark === -1 ? '' : url.slice(mark);
}

/** The method of a preflight (Fetch, CORS-preflight request). */
function askedMethod({ method, headers }: StageRequest): string | undefined {
  const asked = headers['access-control-request-method'];
  return method === 'OPTIONS' && headers['origin'] !== undefined && typeof asked === 'string'
    ? asked
    : undefined;
}

/** Where the upstream answers for itself, a preflight is an OPTIONS like any other. */
function ofGateway(table: RouteTable, match: MatchRequest): Route | undefined {
  const route = table.find(match);
  return route?.http.cors === 'off' ? undefined : route;
}
