import { GatewayError } from '@facet/errors';

/**
 * The `Idempotency-Key` of a request, passed on as it came (draft-ietf-httpapi-idempotency-key-header): 1 to 255
 * visible ASCII characters.
 * @throws GatewayError `invalid_input`
 */
export function idempotencyKey(header: unknown): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && /^[\x21-\x7e]{1,255}$/.test(header)) return header;
  throw new GatewayError('invalid_input', {
    violations: [
      { in: 'header', pointer: '/idempotency-key', message: 'must be 1 to 255 visible ASCII characters' },
    ],
  });
}
