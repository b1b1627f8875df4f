import { type IncomingMessage } from 'node:http';

/**
 * Whether bytes of a request's body are still to come when it is answered. Such a connection is closed: reading on only
 * to keep it would let the client go on sending.
 */
export function hasUnreadBody({ complete, headers }: IncomingMessage): boolean {
  if (complete) return false;
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}
