import { type FastifyRequest } from 'fastify';
import { GatewayError } from '@facet/errors';
import { faultOfTarget } from '../request/request-target.ts';
import { checkHeaderFields } from './header-fields.ts';
import { checkLoop } from './loop.ts';
import { type TargetFault } from './target.ts';

/** Everything that is refused by a look at the request line and the header section, cheapest first. */
export function checkRequestHead(request: FastifyRequest, pseudonym: string): void {
  const { raw } = request;
  // Node hands over what was pipelined behind a refusal, be it the body that an attacker meant for another reader.
  if (request.facet.connection.isClosing) {
    throw new GatewayError('malformed_request', {
      detail: 'The connection is closing',
      closeConnection: true,
    });
  }
  checkHeaderFields(raw);
  const fault = faultOfTarget(raw);
  if (fault !== undefined && fault !== 'ambiguous') throw targetError(fault);
  if (raw.method === 'TRACE') throw new GatewayError('method_not_implemented');
  checkLoop(raw.headers, pseudonym);
  if (raw.headers.upgrade !== undefined) refuseWebSocket(raw.headers.upgrade);
}

export function targetError(fault: TargetFault): GatewayError {
  if (fault === 'tooLong') return new GatewayError('uri_too_long', { closeConnection: true });
  const detail =
    fault === 'tooManyParameters'
      ? 'More than 100 query parameters'
      : fault === 'ambiguous'
        ? 'The path is ambiguous'
        : 'The request target is malformed';
  return new GatewayError('malformed_request', { detail });
}

/** Other protocols, `h2c` among them, are not offered: the request is served as HTTP/1.1 (RFC 9110, section 7.8). */
function refuseWebSocket(upgrade: string): void {
  if (!upgrade.toLowerCase().includes('websocket')) return;
  throw new GatewayError('upgrade_refused', {
    detail: 'WebSocket is not served here',
    headers: { upgrade: 'HTTP/1.1', connection: 'upgrade, close' },
  });
}
