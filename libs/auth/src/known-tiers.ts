import { type KnownTiers, type Principal, type Tier } from '@facet/context';
import { type ApiKeys } from './api-key/api-keys.ts';
import { bearerToken } from './bearer/bearer-token.ts';
import { type TokenCache } from './bearer/token-cache.ts';

/** Tells the door whose tokens were verified before and whose keys are in the file. */
export function addKnownTiers(known: KnownTiers, tokens: TokenCache, keys: ApiKeys): void {
  known.add(({ authorization }) => {
    const token = authorization === undefined ? undefined : bearerToken(authorization);
    return token === undefined ? undefined : tierOf(tokens.peek(token)?.principal);
  });
  known.add(({ 'x-api-key': key }) =>
    typeof key === 'string' ? tierOf(keys.ring.find(key)?.principal) : undefined,
  );
}

function tierOf(principal: Principal | undefined): Tier | undefined {
  return principal?.tier === 'anonymous' ? undefined : principal?.tier;
}
