import { STATUS_CODES } from 'node:http';
import { type Duplex } from 'node:stream';
import { GatewayError, type Reason, toProblem } from '@facet/errors';
import { newRequestId } from '../request/request-id.ts';

/**
 * Answers on a bare socket, where there is no request to answer: a whole HTTP/1.1 response with the problem, then the
 * end of the connection.
 */
export function sendRawProblem(socket: Duplex, reason: Reason, nowMs: number, detail?: string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const requestId = newRequestId(nowMs);
  const error = new GatewayError(reason, detail === undefined ? {} : { detail });
  const body = JSON.stringify(toProblem(error, requestId));
  const head = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? 'Error'}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    `Date: ${new Date(nowMs).toUTCString()}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
    'Referrer-Policy: no-referrer',
    'Cross-Origin-Resource-Policy: same-origin',
    ...(reason === 'too_many_connections' ? ['Retry-After: 1'] : []),
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
