import { LineMemo } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { type TransportRequest } from '../transport.ts';
import { contentLength } from './content-length.ts';
import { fieldName } from './field-name.ts';

/** A request's head, and how its body is framed. */
export interface RequestHead {
  /** Up to the empty line, included. */
  readonly text: string;
  /** Bytes of the body; undefined: sent in chunks. */
  readonly length: number | undefined;
}

/** Bytes that no field value has (RFC 9110, 5.5). */
const illegalValue = /[^\t\x20-\x7e\x80-\xff]/;
const target = /^[\x21-\x7e]+$/;
/** Host and port, and nothing that one reader takes for more than that (RFC 9112, 3.2). */
const hosts = /^[\w.~%!$&'()*+;=:[\]-]+$/;
const methods = /^[A-Z][A-Z0-9-]*$/;

/** The connection's own business: who calls has no say in it. */
const ofConnection: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'expect',
  'te',
  'trailer',
]);
/** Where no content is content of length 0, not an absence (RFC 9110, 8.6). */
const takesContent: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** All but `Host` and `Content-Length`, which are ours to write. */
const lines = new LineMemo({
  isWritten: (name) => {
    const lower = fieldName(name)?.lower;
    if (lower === undefined || ofConnection.has(lower)) throw new GatewayError('malformed_request');
    return lower !== 'content-length' && lower !== 'host';
  },
  checkValue: (_name, value) => {
    if (illegalValue.test(value)) throw new GatewayError('malformed_request');
  },
});

/**
 * Writes the head of a request (RFC 9112, 2).
 * @param authority of the upstream, for `Host`
 * @throws `malformed_request` for what could be read as more than one request
 */
export function requestHead(request: TransportRequest, authority: string): RequestHead {
  const { method, path, headers, body } = request;
  if (!(method === 'GET' || methods.test(method)) || !target.test(path)) {
    throw new GatewayError('malformed_request');
  }
  let fields = '';
  let host: string | undefined;
  let declared: number | undefined;
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] as string;
    const value = headers[index + 1] as string;
    const line = lines.line(name, value);
    if (line !== undefined) fields += line;
    else if (fieldName(name)?.lower === 'host') host = hostOf(value, host);
    else declared = lengthOf(value, declared);
  }
  const length = bodyLength(body, declared);
  return {
    text: `${method} ${path} HTTP/1.1\r\nhost: ${host ?? authority}\r\nconnection: keep-alive\r\n${fields}${framing(method, length)}\r\n`,
    length,
  };
}

function hostOf(value: string, before: string | undefined): string {
  if (!hosts.test(value) || before !== undefined) throw new GatewayError('malformed_request');
  return value;
}

function lengthOf(value: string, before: number | undefined): number {
  const length = contentLength(value);
  if (length === undefined || (before !== undefined && before !== length)) {
    throw new GatewayError('malformed_request');
  }
  return length;
}

function bodyLength(body: TransportRequest['body'], declared: number | undefined): number | undefined {
  if (body === null) return 0;
  if (typeof body === 'string') return Buffer.byteLength(body);
  return Buffer.isBuffer(body) ? body.length : declared;
}

function framing(method: string, length: number | undefined): string {
  if (length === undefined) return 'transfer-encoding: chunked\r\n';
  return length > 0 || takesContent.has(method) ? `content-length: ${length}\r\n` : '';
}
