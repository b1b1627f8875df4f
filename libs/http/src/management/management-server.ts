import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { GatewayError, toProblem } from '@facet/errors';
import { type ManagementAnswer, type ManagementRoute, type ManagementRoutes } from '@facet/management';
import { toGatewayError } from '../problem/to-gateway-error.ts';
import { newRequestId } from '../request/request-id.ts';
import { type ManagementHosts } from './management-hosts.ts';

const maxBodyBytes = 64 * 1024;

/** Serves what libs registered for operators, on a port of its own that clients never reach. */
export class ManagementServer {
  readonly #routes: ManagementRoutes;
  readonly #hosts: ManagementHosts;
  readonly #server: Server;

  constructor(routes: ManagementRoutes, hosts: ManagementHosts) {
    this.#routes = routes;
    this.#hosts = hosts;
    this.#server = createServer({ requestTimeout: 10_000, headersTimeout: 5000 }, (request, response) => {
      void this.#serve(request, response);
    });
  }

  /** @param port 0 for a free one @returns the URL it listens on */
  listen(port: number, host: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        const address = this.#server.address();
        const actualPort = typeof address === 'object' && address !== null ? address.port : port;
        resolve(`http://${host.includes(':') ? `[${host}]` : host}:${actualPort}`);
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      write(response, await this.#answer(request), request.method === 'HEAD');
    } catch (thrown) {
      const error = toGatewayError(thrown);
      const body = toProblem(error, newRequestId(Date.now()));
      write(response, { status: error.status, contentType: 'application/problem+json', body }, false);
    }
  }

  async #answer(request: IncomingMessage): Promise<ManagementAnswer> {
    refuseBrowsers(request);
    if (!this.#hosts.know(request.headers.host)) throw unknownHost();
    const { pathname, searchParams } = targetOf(request);
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET');
    const onPath = this.#routes
      .all()
      .map((route) => ({ route, params: match(route, pathname) }))
      .filter((found) => found.params !== undefined);
    const found = onPath.find(({ route }) => route.method === method);
    if (found?.params === undefined) {
      if (onPath.length === 0) throw new GatewayError('not_found');
      throw new GatewayError('method_not_allowed');
    }
    const body = await readJson(request);
    return found.route.handler({ method, params: found.params, query: searchParams, body });
  }
}

/** The path is never taken for a host: `//elsewhere/routes` is a path of its own. */
function targetOf({ url = '/' }: IncomingMessage): URL {
  const target = `http://management${url}`;
  if (!url.startsWith('/') || !URL.canParse(target)) throw new GatewayError('malformed_request');
  return new URL(target);
}

/** A page in an operator's browser must not be able to open breakers: no browser has business here. */
function refuseBrowsers(request: IncomingMessage): void {
  const { origin, 'sec-fetch-site': site } = request.headers;
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (!isRead && (origin !== undefined || (site !== undefined && site !== 'none'))) {
    throw new GatewayError('forbidden');
  }
}

function unknownHost(): GatewayError {
  return new GatewayError('forbidden', { detail: 'MANAGEMENT_HOSTS does not name this host' });
}

function match(route: ManagementRoute, path: string): Record<string, string> | undefined {
  const pattern = route.path.split('/');
  const segments = path.split('/');
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, part] of pattern.entries()) {
    const segment = segments[i] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decode(segment);
    else if (part !== segment) return undefined;
  }
  return params;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new GatewayError('malformed_request');
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new GatewayError('body_too_large');
    chunks.push(chunk);
  }
  if (size === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new GatewayError('malformed_request', { detail: 'The body is not JSON' });
  }
}

function write(response: ServerResponse, answer: ManagementAnswer, isHead: boolean): void {
  const contentType = answer.contentType ?? 'application/json';
  const isJson = answer.contentType === undefined || contentType.includes('json');
  const body = answer.body === undefined ? '' : isJson ? JSON.stringify(answer.body) : String(answer.body);
  response.writeHead(answer.status ?? (body === '' ? 204 : 200), {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(isHead ? undefined : body);
}
