import { type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Answer, assertProblem } from '@facet/testing/gateway';
import { exchange } from '@facet/testing/http';

/** One answer as it stood on the wire. */
export interface WireAnswer extends Answer {
  /** Name and value as they came: order, case and repetition kept. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/**
 * Writes bytes that no HTTP client would send and answers every final answer the server gave until it closed the
 * connection; so the bytes must make it close, or the test never ends. Each refusal must be a valid problem.
 * @param bytes sent in order; a string is latin1
 */
export async function onTheWire(url: string, ...bytes: readonly (string | Buffer)[]): Promise<WireAnswer[]> {
  const received = Buffer.from(await exchange(url, ...bytes), 'latin1');
  const isHead = String(bytes[0]).startsWith('HEAD ');
  const answers = answersIn(received, isHead);
  for (const answer of answers) if (answer.status >= 400 && !isHead) assertProblem('raw', url, answer);
  return answers;
}

/** The same, where one answer is expected and no more. */
export async function onlyAnswer(url: string, ...bytes: readonly (string | Buffer)[]): Promise<WireAnswer> {
  const [answer, ...more] = await onTheWire(url, ...bytes);
  if (answer === undefined || more.length > 0) throw new Error(`${1 + more.length} answers in place of one`);
  return answer;
}

/** Writes bytes, then ends its side of the connection as if that were all, and answers everything that came back. */
export async function cutShort(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  socket.end(bytes, 'latin1');
  return text(socket);
}

export interface WireRequest {
  readonly method?: string;
  readonly target: string;
  /** Lines without their end, `Host` and `Connection: close` excepted. */
  readonly lines?: readonly string[];
  readonly body?: string;
  /** Does not ask for the connection to be closed: the answer must do it. */
  readonly keepAlive?: boolean;
}

/** A request that asks for the connection to be closed; a body gets its `Content-Length` and is JSON. */
export function bytesOf({ method = 'GET', target, lines = [], body, keepAlive }: WireRequest): string {
  const framing =
    body === undefined
      ? []
      : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`];
  const closing = keepAlive ? [] : ['Connection: close'];
  const head = [`${method} ${target} HTTP/1.1`, 'Host: localhost', ...lines, ...framing, ...closing];
  return `${head.join('\r\n')}\r\n\r\n${body ?? ''}`;
}

function answersIn(received: Buffer, isHead: boolean): WireAnswer[] {
  const answers: WireAnswer[] = [];
  for (let rest = received; rest.length > 0;) {
    const end = rest.indexOf('\r\n\r\n');
    if (end === -1) throw new Error(`no answer: ${rest.toString('latin1', 0, 200)}`);
    const head = rest.toString('latin1', 0, end);
    const { status, fields, headers } = headOf(head);
    const { body, length } = bodyOf(rest.subarray(end + 4), headers, status, isHead);
    rest = rest.subarray(end + 4 + length);
    const content = body.toString('utf8');
    if (status >= 200) answers.push({ status, headers, fields, text: content, json: parsed(content) });
  }
  return answers;
}

function headOf(head: string): Pick<WireAnswer, 'status' | 'headers' | 'fields'> {
  const [line = '', ...lines] = head.split('\r\n');
  const match = /^HTTP\/1\.1 (\d{3}) /.exec(line);
  if (match === null) throw new Error(`no status line: ${line}`);
  const fields = lines.map((field) => {
    const colon = field.indexOf(':');
    return [field.slice(0, colon), field.slice(colon + 1).trim()] as const;
  });
  const headers: Record<string, string> = {};
  for (const [name, value] of fields) {
    const known = headers[name.toLowerCase()];
    headers[name.toLowerCase()] = known === undefined ? value : `${known}, ${value}`;
  }
  return { status: Number(match[1]), fields, headers };
}

/** RFC 9112, section 6.3. */
function bodyOf(
  rest: Buffer,
  headers: IncomingHttpHeaders,
  status: number,
  isHead: boolean,
): { body: Buffer; length: number } {
  if (isHead || status < 200 || status === 204 || status === 304) return { body: Buffer.alloc(0), length: 0 };
  if (headers['transfer-encoding'] !== undefined) return chunked(rest);
  const length = Number(headers['content-length'] ?? rest.length);
  if (!(length <= rest.length)) throw new Error(`${rest.length} of ${length} bytes came`);
  return { body: rest.subarray(0, length), length };
}

function chunked(rest: Buffer): { body: Buffer; length: number } {
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = rest.indexOf('\r\n', at);
    if (lineEnd === -1) throw new Error('the chunks break off');
    const size = Number.parseInt(rest.toString('latin1', at, lineEnd), 16);
    if (Number.isNaN(size)) throw new Error('no chunk size');
    const start = lineEnd + 2;
    if (size === 0) return { body: Buffer.concat(chunks), length: start + 2 };
    chunks.push(rest.subarray(start, start + size));
    at = start + size + 2;
  }
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
