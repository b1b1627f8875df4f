import { type TokenHeader } from '../bearer/token-header.ts';
import { type VerificationKey } from './verification-key.ts';

/** `stale-keys`: the issuer does not answer, its last keys are used on. `no-keys`: it never has. */
export const authModes = ['normal', 'stale-keys', 'no-keys'] as const;
export type AuthMode = (typeof authModes)[number];

/** The issuer's keys. The name is also the injection token. */
export abstract class KeySet {
  /**
   * The one key for this algorithm and key id; undefined when there is none. A promise only when the issuer is asked.
   * @throws GatewayError `upstream_unavailable` when the issuer can't be asked, so that nobody knows
   */
  abstract find(header: KeyQuery): VerificationKey | undefined | Promise<VerificationKey | undefined>;
  /**
   * A call to the issuer's service ended like this: where it tells of an outage, `mode` finds out at once instead of at
   * the next refresh. Does nothing for keys that nobody is asked for.
   */
  suspect(_error: unknown): void {
    return;
  }
  abstract readonly mode: AuthMode;
  /** How many keys there are. */
  abstract readonly size: number;
}

export type KeyQuery = Pick<TokenHeader, 'alg' | 'kid'>;
