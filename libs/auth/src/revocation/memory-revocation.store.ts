import { type Revocation } from './revocation.ts';
import { type RevocationNews, RevocationStore } from './revocation.store.ts';

/** Without a shared store there is nobody to tell: what is added is handed back once. */
export class MemoryRevocationStore extends RevocationStore {
  #added: Revocation[] = [];

  override add(revocations: readonly Revocation[]): Promise<void> {
    this.#added.push(...revocations);
    return Promise.resolve();
  }

  override news(): Promise<RevocationNews> {
    const added = this.#added;
    this.#added = [];
    return Promise.resolve({ added, hasLost: false, hasMore: false });
  }
}
