import { STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';
import { type Duplex } from 'node:stream';
import { GatewayError, type Reason, toProblem } from '@facet/errors';
import { newRequestId } from '../request/request-id.ts';

/** A whole answer with a problem, where there is no request to answer. */
export interface RawProblem {
  readonly status: number;
  readonly fields: Readonly<Record<string, string>>;
  readonly body: string;
}

export function rawProblem(reason: Reason, nowMs: number, detail?: string): RawProblem {
  const requestId = newRequestId(nowMs);
  const error = new GatewayError(reason, detail === undefined ? {} : { detail });
  const body = JSON.stringify(toProblem(error, requestId));
  return {
    status: error.status,
    fields: {
      'Content-Type': 'application/problem+json',
      'Content-Length': String(Buffer.byteLength(body)),
      'X-Request-Id': requestId,
      Date: new Date(nowMs).toUTCString(),
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Resource-Policy': 'same-origin',
      ...(reason === 'too_many_connections' ? { 'Retry-After': '1' } : {}),
    },
    body,
  };
}

/** Who has not taken the few bytes by then does not read. */
const longestMs = 5_000;

/** Answers on a bare socket: a whole HTTP/1.1 response, then the end of the connection. */
export function sendRawProblem(socket: Duplex, reason: Reason, nowMs: number, detail?: string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const { status, fields, body } = rawProblem(reason, nowMs, detail);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}`,
    ...Object.entries(fields).map(([name, value]) => `${name}: ${value}`),
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
  if (socket instanceof Socket) socket.setTimeout(longestMs, () => socket.destroy());
}
