import { type Principal } from '@facet/context';
import { createHash } from 'node:crypto';

/**
 * What an upstream gets as `Idempotency-Key`: a digest of the principal and the client's key. A client chooses its keys
 * freely, so an upstream that remembers answers by the key alone would give one caller another's answer.
 *
 * Neither the instance nor the gateway is part of it: a retry that arrives at another one must not do the work again.
 * Quoted where the client's key is (draft-ietf-httpapi-idempotency-key-header, 2.1), bare where it is not. Undefined for
 * an anonymous caller: every stranger would share the key.
 */
export function scopedIdempotencyKey(
  key: string | undefined,
  { kind, subject }: Principal,
): string | undefined {
  if (key === undefined || kind === 'anonymous') return undefined;
  // JSON keeps the parts apart, whatever a subject is made of.
  const digest = createHash('sha256')
    .update(JSON.stringify([kind, subject, key]))
    .digest('base64url');
  return key.startsWith('"') ? `"${digest}"` : digest;
}
