import { type IncomingHttpHeaders } from 'node:http';

/** The header section of an HTTP/2 request in the terms of HTTP/1.1. */
export interface Http1Fields {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Name and value in turn, as they came; the authority first, as `host`. */
  readonly rawHeaders: string[];
}

const colon = 0x3a;

/**
 * Translates pseudo-fields into what everything behind expects: the authority becomes `host` (RFC 9113, section
 * 8.3.1), crumbs of a cookie one field (8.2.3). A `host` that says something else than the authority stays beside it,
 * to be refused as repeated. A body whose length nobody told is what HTTP/1.1 calls `chunked`: in `headers` alone,
 * where it tells readers of the message that a body follows; nothing of it is passed on.
 * @param fields parsed by Node
 * @param rawFields name and value in turn
 */
export function http1Fields(
  fields: IncomingHttpHeaders,
  rawFields: readonly string[],
  hasBody: boolean,
): Http1Fields {
  const authority = fields[':authority'] as string | undefined;
  const headers = Object.create(null) as IncomingHttpHeaders;
  for (const name in fields) if (name.charCodeAt(0) !== colon) headers[name] = fields[name];
  if (authority !== undefined) headers.host = authority;
  if (hasBody && headers['content-length'] === undefined) headers['transfer-encoding'] = 'chunked';
  return {
    method: String(fields[':method']),
    url: String(fields[':path']),
    headers,
    rawHeaders: rawHeaders(rawFields, authority, headers.cookie),
  };
}

function rawHeaders(
  rawFields: readonly string[],
  authority: string | undefined,
  cookie: string | undefined,
): string[] {
  const flat = authority === undefined ? [] : ['host', authority];
  let hasCookie = false;
  for (let i = 0; i < rawFields.length; i += 2) {
    const name = rawFields[i] ?? '';
    const value = rawFields[i + 1] ?? '';
    if (name.charCodeAt(0) === colon || (name === 'host' && value === authority)) continue;
    if (name !== 'cookie') flat.push(name, value);
    else if (!hasCookie) {
      hasCookie = true;
      flat.push(name, cookie ?? value);
    }
  }
  return flat;
}
