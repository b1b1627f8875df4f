import { type IncomingMessage } from 'node:http';
import { FieldMap } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { Http2Request } from '../http2/http2-request.ts';
import { limits } from './limits.ts';

/** Fields whose repetition has two readings; Node keeps the first of them in silence. */
const single = ['host', 'content-type', 'content-length', 'expect', 'max-forwards'];
const credentials = ['authorization', 'x-api-key'];
/** A bit for each: what was seen is a number, where a set would be one more object per request. */
const watched = new FieldMap(
  [...single, ...credentials].map((name, index) => [name, { name, bit: 1 << index }] as const),
);

/**
 * Refuses header sections that different software reads differently: over 100 fields (431), names with `_`,
 * repeated single fields, a second credential, no or a malformed `Host`, transfer codings other than `chunked`, a
 * protocol version other than HTTP/1.0 and HTTP/1.1 (400). Sizes, bad names and forbidden bytes are refused by Node's
 * parser before.
 */
export function checkHeaderFields(raw: IncomingMessage): void {
  checkVersion(raw);
  const fields = raw.rawHeaders;
  if (fields.length > limits.headerCount * 2) {
    throw new GatewayError('headers_too_large', {
      detail: 'More than 100 header fields',
      closeConnection: true,
    });
  }
  let seen = 0;
  let host: string | undefined;
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] ?? '';
    if (name.includes('_')) refuse('A header field name contains an underscore', false);
    const field = watched.get(name);
    if (field === undefined) continue;
    if ((seen & field.bit) !== 0) refuseRepeated(field.name);
    if (field.name === 'host') host = fields[i + 1];
    seen |= field.bit;
  }
  checkHost(raw, host);
  checkFraming(raw);
}

/** Node's parser also takes HTTP/0.9 and a request line that says HTTP/2.0, which others read as something else. */
function checkVersion(raw: IncomingMessage | Http2Request): void {
  const { httpVersion } = raw;
  if (httpVersion === '1.1' || httpVersion === '1.0') return;
  if (raw instanceof Http2Request) checkSize(raw);
  else refuse('The HTTP version is not served here', true);
}

/** In the bytes HTTP/1.1 would have taken: Node's limit counts an HTTP/2 section otherwise. */
function checkSize({ rawHeaders, url }: Http2Request): void {
  let bytes = url.length;
  for (const text of rawHeaders) bytes += text.length + 2;
  if (bytes > limits.headerBytes) throw new GatewayError('headers_too_large');
}

function refuseRepeated(name: string): never {
  if (credentials.includes(name)) throw new GatewayError('conflicting_credentials');
  return refuse(`${name} appears more than once`, true);
}

/** @param field as it was sent: an absolute-form target has replaced it among the parsed headers (RFC 9112, 3.2.2) */
function checkHost(raw: IncomingMessage, field: string | undefined): void {
  if (field === undefined && raw.httpVersion !== '1.0') refuse('Host is missing', true);
  const { host = '' } = raw.headers;
  if (!isHost(host) || (field !== undefined && !isHost(field))) refuse('Host is malformed', true);
}

/** uri-host with an optional port: no userinfo, path, blank or list (RFC 9112, section 3.2). */
function isHost(host: string): boolean {
  for (let i = 0; i < host.length; i++) {
    const code = host.charCodeAt(i);
    const isAllowed =
      (code >= 0x61 && code <= 0x7a) || // a-z
      (code >= 0x2d && code <= 0x2e) || // - .
      (code >= 0x30 && code <= 0x3a) || // 0-9 :
      (code >= 0x41 && code <= 0x5a) || // A-Z
      code === 0x5b || // [
      code === 0x5d || // ]
      code === 0x5f || // _ is in names that are in use, though no host name
      code === 0x7e ||
      code === 0x25;
    if (!isAllowed) return false;
  }
  return true;
}

function checkFraming(raw: IncomingMessage): void {
  const coding = raw.headers['transfer-encoding'];
  if (coding === undefined) return;
  // RFC 9112, section 6.1: a transfer coding in HTTP/1.0 is a framing fault; others than chunked we can't undo.
  if (raw.httpVersion === '1.0' || coding.toLowerCase() !== 'chunked') {
    refuse('Transfer-Encoding is not understood', true);
  }
}

function refuse(detail: string, closeConnection: boolean): never {
  throw new GatewayError('malformed_request', { detail, closeConnection });
}
