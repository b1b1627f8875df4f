import { type Principal } from '@facet/context';

export const revocableKinds = ['key', 'session', 'subject'] as const;

/**
 * A credential that counts no longer before its time. A revoked `key` is an API key by its id; a `session` all access
 * tokens of that `sid`; a `subject` all its access tokens issued until then: who logs in again comes in again.
 */
export interface Revocation {
  readonly kind: (typeof revocableKinds)[number];
  readonly id: string;
  /** When it was revoked, wall ms. */
  readonly atMs: number;
  /** When nothing is left that it could refuse, wall ms; infinite for what has no expiry. */
  readonly untilMs: number;
}

/** What of a verified credential can be revoked. */
export interface Revocable {
  readonly principal: Principal;
  /** `iat` of its token, wall ms; 0 for a token that does not say. */
  readonly issuedAtMs: number;
}
