import { type IncomingHttpHeaders } from 'node:http';
import { GatewayError } from '@facet/errors';

/**
 * Refuses a request that has been here before: own pseudonym in `Via` (RFC 9110, section 7.6.3) or in `CDN-Loop`
 * (RFC 8586) is 508.
 * @param pseudonym the gateway's name
 */
export function checkLoop(headers: IncomingHttpHeaders, pseudonym: string): void {
  const { via } = headers;
  if (via !== undefined && receivers(via).includes(pseudonym)) throw new GatewayError('loop_detected');
  const cdnLoop = headers['cdn-loop'];
  if (cdnLoop !== undefined && cdnIds(String(cdnLoop)).includes(pseudonym))
    throw new GatewayError('loop_detected');
}

/** `1.1 name (comment), 1.0 other` */
function receivers(via: string): string[] {
  return via.split(',').map((element) => element.trim().split(/\s+/)[1]?.toLowerCase() ?? '');
}

function cdnIds(list: string): string[] {
  return list.split(',').map((element) => element.split(';')[0]?.trim().toLowerCase() ?? '');
}
