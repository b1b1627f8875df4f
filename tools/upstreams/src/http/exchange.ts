import { type IncomingHttpHeaders } from 'node:http';

/** What a handler sees of a request. */
export interface Inbound {
  /** HEAD is handled as GET. */
  method: string;
  path: string;
  /** Path parameters, decoded. */
  params: Record<string, string>;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** The JSON body; throws 400, 413 or 415. */
  body(): Promise<unknown>;
}

/** What a handler answers; a body is sent as JSON. */
export interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export type Handler = (inbound: Inbound) => Reply | Promise<Reply>;

export const ok = (body: unknown, headers: Record<string, string> = {}): Reply => ({
  status: 200,
  body,
  headers,
});

export const created = (body: unknown, location: string): Reply => ({
  status: 201,
  body,
  headers: { location },
});

export const noContent = (): Reply => ({ status: 204 });
