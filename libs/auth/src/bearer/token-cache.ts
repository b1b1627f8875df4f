import { type Clock } from '@facet/context';
import { type VerificationKey } from '../keys/verification-key.ts';
import { type Revocable } from '../revocation/revocation.ts';

/** What verification found, and until when it holds. */
export interface VerifiedToken extends Revocable {
  /** `exp` without leeway, wall ms. */
  readonly expiresAtMs: number;
  readonly key: VerificationKey;
}

/**
 * Verified tokens by the whole token, at most `maxEntries`, never past `exp` nor after their key left the issuer's
 * set. Two generations stand in for an LRU: a hit in the older one moves up, a full younger one becomes the older and
 * the rest is forgotten at once. So a hit is one look-up that writes nothing.
 */
export class TokenCache {
  readonly #clock: Clock;
  readonly #maxPerGeneration: number;
  #young = new Map<string, VerifiedToken>();
  #old = new Map<string, VerifiedToken>();
  /** Since the start. */
  hits = 0;
  misses = 0;

  /** @param maxEntries at least 2 */
  constructor(clock: Clock, maxEntries = 10_000) {
    if (!(maxEntries >= 2)) throw new RangeError('auth cache.maxEntries must be at least 2');
    this.#clock = clock;
    this.#maxPerGeneration = Math.floor(maxEntries / 2);
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  get(token: string): VerifiedToken | undefined {
    const entry = this.#young.get(token) ?? this.#promoted(token);
    if (entry !== undefined && this.#isGood(entry)) {
      this.hits++;
      return entry;
    }
    this.misses++;
    return undefined;
  }

  /** The same for who has kept the entry: whether it still holds. */
  holds(entry: VerifiedToken): boolean {
    const isGood = this.#isGood(entry);
    if (isGood) this.hits++;
    return isGood;
  }

  /** The same without a trace, for whom a guess is enough: the key may have left, and nothing is counted or moved. */
  peek(token: string): VerifiedToken | undefined {
    return this.#young.get(token) ?? this.#old.get(token);
  }

  set(token: string, entry: VerifiedToken): void {
    if (!this.#isGood(entry)) return;
    if (this.#young.size >= this.#maxPerGeneration) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(token, entry);
  }

  #promoted(token: string): VerifiedToken | undefined {
    const entry = this.#old.get(token);
    if (entry === undefined) return undefined;
    this.#old.delete(token);
    this.set(token, entry);
    return entry;
  }

  #isGood({ expiresAtMs, key }: VerifiedToken): boolean {
    return expiresAtMs > this.#clock.now() && !key.retired;
  }
}
