import { TierResolver, type TokenClaims } from '@facet/auth';
import { type Tier } from '@facet/context';
import { Injectable } from '@nestjs/common';

/** Tokens of our partners say which contract they have instead of a tier. */
@Injectable()
export class ContractTierResolver extends TierResolver {
  override resolve(claims: TokenClaims): Tier {
    return claims['contract'] === 'gold' ? 'enterprise' : 'free';
  }
}
