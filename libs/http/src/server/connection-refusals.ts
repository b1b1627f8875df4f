import { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Socket } from 'node:net';
import { type Duplex } from 'node:stream';
import { type Clock } from '@facet/context';
import { type Reason } from '@facet/errors';
import { canonicalAddress, networkOf, type TrustedProxies } from '../request/client-address.ts';
import { sendRawProblem } from './raw-problem.ts';

export interface ConnectionRefusalSettings {
  readonly clock: Clock;
  readonly proxies: TrustedProxies;
  readonly maxConnectionsPerAddress: number;
  readonly onRefusal: (reason: Reason) => void;
}

/** Answers what never becomes a request: broken framing, timeouts, CONNECT, too many connections. */
export function refuseBadConnections(server: Server, settings: ConnectionRefusalSettings): void {
  const { clock, onRefusal } = settings;
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    onRefusal('method_not_implemented');
    sendRawProblem(socket, 'method_not_implemented', clock.now());
  });
  // The body is asked for once the head is accepted; other expectations are ignored (RFC 9110, section 10.1.1).
  const serve = (request: IncomingMessage, response: ServerResponse) =>
    server.emit('request', request, response);
  server.on('checkContinue', serve);
  server.on('checkExpectation', serve);
  capConnections(server, settings);
}

interface ParserError extends Error {
  readonly code?: string;
  readonly rawPacket?: Buffer;
  /** Up to the byte it stumbled over. */
  readonly bytesParsed?: number;
}

/** For Fastify's `clientErrorHandler`: what Node's parser or its timers refused. */
export function clientErrorHandler(clock: Clock, onRefusal: (reason: Reason) => void) {
  return (error: ParserError, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    const reason = reasonOf(error);
    onRefusal(reason);
    if (hasAnswerUnderWay(socket)) socket.destroy();
    else sendRawProblem(socket, reason, clock.now());
  };
}

function reasonOf(error: ParserError): Reason {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request_timeout';
  if (error.code === 'HPE_HEADER_OVERFLOW') return 'headers_too_large';
  if (error.code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return 'body_too_large';
  // A method of the right form that Node does not know is not our client's fault (RFC 9110, section 9.1).
  if (error.code === 'HPE_INVALID_METHOD' && /^[A-Z][A-Z-]{1,31} /.test(headOf(error))) {
    return 'method_not_implemented';
  }
  return 'malformed_request';
}

/** What the fault is in; empty when it lies further on, behind a request that was sound. */
function headOf({ rawPacket, bytesParsed = 0 }: ParserError): string {
  return bytesParsed > 40 ? '' : (rawPacket?.subarray(0, 40).toString('latin1') ?? '');
}

/** Part of an answer is out already: a second one would be taken for its body. */
function hasAnswerUnderWay(socket: Socket): boolean {
  const { _httpMessage: response } = socket as Socket & { _httpMessage?: ServerResponse };
  return response?.headersSent === true;
}

function capConnections(server: Server, settings: ConnectionRefusalSettings): void {
  const { clock, proxies, maxConnectionsPerAddress, onRefusal } = settings;
  const counts = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = canonicalAddress(socket.remoteAddress ?? '');
    if (proxies.includes(address)) return;
    const network = networkOf(address);
    const count = (counts.get(network) ?? 0) + 1;
    counts.set(network, count);
    socket.once('close', () => {
      const left = (counts.get(network) ?? 1) - 1;
      if (left === 0) counts.delete(network);
      else counts.set(network, left);
    });
    if (count <= maxConnectionsPerAddress) return;
    onRefusal('too_many_connections');
    sendRawProblem(socket, 'too_many_connections', clock.now());
  });
}
