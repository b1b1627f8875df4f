import { type Revocation } from './revocation.ts';

/** What a store has to tell. */
export interface RevocationNews {
  /** Added since the last news, by any instance; some may be told twice. */
  readonly added: readonly Revocation[];
  /** The store has forgotten what it knew: who knows more tells it again. */
  readonly hasLost: boolean;
  /** There is more: ask again now. */
  readonly hasMore: boolean;
}

/** How instances tell one another what is revoked. The class is the injection token. */
export abstract class RevocationStore {
  /** Tells all instances. @throws StoreUnavailable */
  abstract add(revocations: readonly Revocation[]): Promise<void>;
  /** The first call answers all that counts. @throws StoreUnavailable */
  abstract news(): Promise<RevocationNews>;
}
