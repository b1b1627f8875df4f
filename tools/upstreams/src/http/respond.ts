import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type Inbound, type Reply } from './exchange.ts';
import { HttpFault } from './http-fault.ts';
import { readJson } from './json-body.ts';
import { type Router } from './router.ts';

const problemReply = (fault: HttpFault): Reply => ({
  status: fault.status,
  body: fault.toProblem(),
  headers: { ...fault.headers, 'content-type': 'application/problem+json' },
});

/** The answer a fault on demand gives in place of the handler's. */
export const faultReply = (status: number): Reply =>
  problemReply(new HttpFault(status, 'This fault was asked for.'));

/** Runs the route's handler; whatever it throws becomes a problem. */
export const reply = async (router: Router, request: IncomingMessage): Promise<Reply> => {
  const [path = '/', ...query] = (request.url ?? '/').split('?');
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET');
  try {
    const { handler, params } = router(method, path);
    const inbound: Inbound = {
      method,
      path,
      params,
      query: new URLSearchParams(query.join('?')),
      headers: request.headers,
      body: () => readJson(request),
    };
    return await handler(inbound);
  } catch (error) {
    if (error instanceof HttpFault) return problemReply(error);
    // A client that leaves in the middle of its body is no defect of ours.
    if (!request.destroyed) console.error(error);
    return problemReply(new HttpFault(500, 'The service failed.'));
  }
};

export interface Wire {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** JSON with its length; not cacheable unless the reply says so. */
export const encode = ({ status, body, headers = {} }: Reply): Wire => {
  if (body === undefined)
    return { status, headers: { 'cache-control': 'no-store', ...headers }, body: Buffer.alloc(0) };
  const bytes = Buffer.from(JSON.stringify(body));
  return {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'content-length': String(bytes.length),
      ...headers,
    },
    body: bytes,
  };
};

export const send = (response: ServerResponse, { status, headers, body }: Wire): void => {
  if (response.destroyed) return;
  response.writeHead(status, headers);
  response.end(body);
};

/** Everything but the second half of the body, which never comes. */
export const sendHalf = (response: ServerResponse, { status, headers, body }: Wire): void => {
  if (response.destroyed) return;
  response.writeHead(status, headers);
  response.write(body.subarray(0, Math.ceil(body.length / 2)));
};
