import { GatewayError } from '@facet/errors';

/** Fields that mean one thing only: two of them mean two things, and somebody would choose the wrong one. */
const singular = [
  'content-length',
  'content-type',
  'location',
  'transfer-encoding',
  'retry-after',
  'etag',
] as const;

/**
 * Refuses a head whose framing or meaning is in doubt. The parser has refused most; left are repeated single fields
 * and a transfer coding other than `chunked` alone (RFC 9112, 6.1), which would be read until the connection closes.
 */
export function assertSoundHead(
  headers: Record<string, string | string[] | undefined>,
  upstream: string,
): void {
  for (const name of singular) {
    if (Array.isArray(headers[name]))
      throw new GatewayError('upstream_protocol_error', { upstream, cause: `repeated ${name}` });
  }
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && (coding as string).toLowerCase() !== 'chunked') {
    throw new GatewayError('upstream_protocol_error', { upstream, cause: 'transfer coding' });
  }
  if (coding !== undefined && headers['content-length'] !== undefined) {
    throw new GatewayError('upstream_protocol_error', { upstream, cause: 'two framings' });
  }
}

/** The declared length of the body, or -1 when it is not declared. */
export function declaredLength(headers: Record<string, string | string[] | undefined>): number {
  const value = headers['content-length'];
  return typeof value === 'string' ? Number(value) : -1;
}
