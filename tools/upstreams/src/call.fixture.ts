import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';

/** One request of a spec: JSON out, JSON in. */
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  // Specs state what they expect of it.
  body: any; // eslint-disable-line @typescript-eslint/no-explicit-any
}

export interface Call {
  method?: string;
  json?: unknown;
  /** Sent as it is, in place of `json`. */
  text?: string;
  headers?: Record<string, string>;
}

/** On a socket of its own: a pooled one may be dead where a spec restarts a service. */
export const call = async (
  url: string,
  { method = 'GET', json, text, headers = {} }: Call = {},
): Promise<Answer> => {
  const body = json === undefined ? text : JSON.stringify(json);
  const outgoing = request(url, {
    method,
    agent: false,
    headers: { ...(json !== undefined && { 'content-type': 'application/json' }), ...headers },
  });
  outgoing.end(body);
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  let received = '';
  for await (const chunk of incoming.setEncoding('utf8')) received += String(chunk);
  return {
    status: incoming.statusCode ?? 0,
    headers: incoming.headers,
    body: received === '' ? undefined : (JSON.parse(received) as unknown),
  };
};
