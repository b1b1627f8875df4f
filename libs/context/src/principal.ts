/** What a caller pays for; decides limits. */
export const tiers = ['free', 'paid', 'premium', 'enterprise'] as const;
export type Tier = (typeof tiers)[number];

/** Who calls, as verified by the gateway. */
export interface Principal {
  readonly kind: 'anonymous' | 'bearer' | 'apiKey' | 'session';
  /** The token's `sub` or the key's subject; empty for anonymous callers. */
  readonly subject: string;
  /** `anonymous` only for anonymous callers. */
  readonly tier: Tier | 'anonymous';
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
  readonly sessionId?: string;
  /** The API key's id, for `per: key` limits and audit; never the secret. */
  readonly keyId?: string;
}

/** The caller who showed no credential. */
export const anonymous: Principal = Object.freeze({
  kind: 'anonymous',
  subject: '',
  tier: 'anonymous',
  scopes: Object.freeze([]),
  roles: Object.freeze([]),
});
