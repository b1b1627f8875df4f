import { type Handler } from './exchange.ts';
import { HttpFault } from './http-fault.ts';

/** `GET /orders/:id` and its handler; a parameter is one whole segment. */
export type Routes = Record<string, Handler>;

export interface Match {
  handler: Handler;
  params: Record<string, string>;
}

export type Router = (method: string, path: string) => Match;

interface Entry {
  method: string;
  segments: string[];
  handler: Handler;
}

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new HttpFault(400, 'The path is not valid percent-encoding.');
  }
};

const paramsOf = (
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined => {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith(':') && segment !== '') params[part.slice(1)] = decode(segment);
    else if (part !== segment) return undefined;
  }
  return params;
};

/** Throws 404 for a path no route has, 405 with `Allow` for a method none of its routes has. */
export const createRouter = (routes: Routes): Router => {
  const entries: Entry[] = Object.entries(routes).map(([route, handler]) => {
    const [method = '', path = ''] = route.split(' ');
    return { method, segments: path.split('/'), handler };
  });
  return (method, path) => {
    const segments = path.split('/');
    const allowed: string[] = [];
    for (const entry of entries) {
      const params = paramsOf(entry.segments, segments);
      if (params === undefined) continue;
      if (entry.method === method) return { handler: entry.handler, params };
      allowed.push(entry.method);
    }
    if (allowed.length === 0) throw new HttpFault(404, 'There is nothing at this path.');
    throw new HttpFault(405, 'This path does not take this method.', {
      headers: { allow: allowed.join(', ') },
    });
  };
};
