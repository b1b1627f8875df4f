import { type IncomingMessage } from 'node:http';

/** The public health check is never turned away: a balancer would take a busy instance for a dead one. */
export function isHealth({ url }: IncomingMessage): boolean {
  return url === '/health';
}
