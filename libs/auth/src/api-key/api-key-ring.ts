import { hash, timingSafeEqual } from 'node:crypto';
import { type ApiKeyEntry } from '@facet/config';
import { type Principal } from '@facet/context';

export interface HeldKey {
  readonly principal: Principal;
  /** Wall ms; infinite for a key without expiry. */
  readonly expiresAtMs: number;
}

interface Slot extends HeldKey {
  readonly digest: Buffer;
}

/** The keys of one reading of the file, by digest: the keys themselves are nowhere. Immutable. */
export class ApiKeyRing {
  readonly #slots: ReadonlyMap<string, Slot>;

  constructor(entries: readonly ApiKeyEntry[]) {
    this.#slots = new Map(entries.map((entry) => [entry.sha256, slot(entry)]));
  }

  get size(): number {
    return this.#slots.size;
  }

  /** Looks a presented key up by its SHA-256 and compares in constant time; expired keys are found too. */
  find(presented: string): HeldKey | undefined {
    const digest = hash('sha256', presented, 'buffer');
    const found = this.#slots.get(digest.toString('hex'));
    return found && timingSafeEqual(found.digest, digest) ? found : undefined;
  }
}

function slot({ id, sha256, subject, tier, scopes, expiry }: ApiKeyEntry): Slot {
  return {
    digest: Buffer.from(sha256, 'hex'),
    expiresAtMs: expiry === undefined ? Number.POSITIVE_INFINITY : Date.parse(expiry),
    principal: Object.freeze({
      kind: 'apiKey',
      subject,
      tier,
      scopes: Object.freeze([...scopes]),
      roles: Object.freeze([]),
      keyId: id,
    }),
  };
}
