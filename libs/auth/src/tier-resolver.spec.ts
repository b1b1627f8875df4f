import { TestIssuer } from '@facet/testing/auth';
import { describeTierResolver } from '@facet/testing/auth';
import { expect, it } from '@jest/globals';
import { type TokenClaims } from './bearer/token-claims.ts';
import { ClaimTierResolver } from './tier-resolver.ts';

describeTierResolver('ClaimTierResolver', () => new ClaimTierResolver());

it.each([
  ['enterprise', 'enterprise'],
  ['gold', 'free'],
  [undefined, 'free'],
])('the claim tier %p means %s', (tier, resolved) => {
  const claims = { ...new TestIssuer().claims(), tier } as unknown as TokenClaims;
  expect(new ClaimTierResolver().resolve(claims)).toBe(resolved);
});
