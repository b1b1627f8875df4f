import { tiers } from '@facet/context';
import { describe, expect, it } from '@jest/globals';
import { TestIssuer } from './test-issuer.ts';

/** What every `TierResolver` promises, whatever an issuer puts into its tokens. */
export function describeTierResolver<Claims>(
  name: string,
  make: () => { resolve(claims: Claims): unknown },
): void {
  describe(`${name} as a TierResolver`, () => {
    const odd = [undefined, null, '', 'root', 'Premium', 'constructor', '__proto__', 7, ['enterprise'], {}];

    it.each(odd)('finds a tier of the closed list for the claim %p', async (tier) => {
      const claims = { ...new TestIssuer().claims(), tier } as unknown as Claims;
      expect(tiers).toContain(await make().resolve(claims));
    });
  });
}
