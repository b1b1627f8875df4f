import { GatewayError } from '@facet/errors';

/** Visible ASCII without `"` and `\`; quoted as the draft's structured field writes it, or bare as most clients do. */
const shape = /^(?:[!#-[\]-~]{1,255}|"[!#-[\]-~]{1,253}")$/;

/**
 * The client's `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): 1 to 255 visible ASCII characters, quotes
 * at both ends or none. Two spellings are two keys.
 * @throws GatewayError `invalid_input`
 */
export function idempotencyKey(header: unknown): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && shape.test(header)) return header;
  throw new GatewayError('invalid_input', {
    violations: [
      {
        in: 'header',
        pointer: '/idempotency-key',
        message: 'must be 1 to 255 visible ASCII characters, in quotes or without any',
      },
    ],
  });
}
