import { type Tier, tiers } from '@facet/context';
import { type TokenClaims } from './bearer/token-claims.ts';

/**
 * Seam: the tier of a verified token's subject. Asked once per token, not per request: its answer is kept until the
 * token expires. A throw is a fault of the gateway (500).
 */
export abstract class TierResolver {
  abstract resolve(claims: TokenClaims): Tier | Promise<Tier>;
}

/** Reads the claim `tier`; anything that is no tier is `free`. */
export class ClaimTierResolver extends TierResolver {
  override resolve({ tier }: TokenClaims): Tier {
    return tiers.find((known) => known === tier) ?? 'free';
  }
}
