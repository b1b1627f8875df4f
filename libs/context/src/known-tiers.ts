import { type IncomingHttpHeaders } from 'node:http';
import { type Tier } from './principal.ts';

/** Whose credential this is, as far as it can be told from memory alone; undefined: not known here. */
export type TierSource = (headers: IncomingHttpHeaders) => Tier | undefined;

/**
 * Tiers of credentials that were verified before: a hint for whom to serve first under load, never a proof. Whoever
 * verifies credentials adds what it remembers.
 */
export class KnownTiers {
  readonly #sources: TierSource[] = [];

  /** @param source waits for nothing and counts nothing */
  add(source: TierSource): void {
    this.#sources.push(source);
  }

  /** The first source that knows decides. */
  of(headers: IncomingHttpHeaders): Tier | undefined {
    for (const source of this.#sources) {
      const tier = source(headers);
      if (tier !== undefined) return tier;
    }
    return undefined;
  }
}
