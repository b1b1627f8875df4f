import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { identities } from './identities.ts';

interface ApiKey {
  id: string;
  sha256: string;
  subject: string;
  tier: string;
  scopes: string[];
}

const text = readFileSync(new URL('../../data/api-keys.json', import.meta.url), 'utf8');
const keys = JSON.parse(text) as ApiKey[];

describe('API keys of the dev stack', () => {
  it.each([
    ['free', 'fk_dev_free_0000000000000001'],
    ['paid', 'fk_dev_paid_0000000000000002'],
    ['premium', 'fk_dev_premium_0000000000000003'],
    ['enterprise', 'fk_dev_enterprise_0000000000000004'],
  ])('%s: the file holds the hash of the key and the customer it acts for', (tier, secret) => {
    const sha256 = createHash('sha256').update(secret).digest('hex');
    const key = keys.find((candidate) => candidate.sha256 === sha256);
    expect(key).toMatchObject({ tier, subject: `usr_${tier}` });
    expect(key?.scopes).toContain('payments:write');
    expect(identities.map(({ subject }) => subject)).toContain(key?.subject);
  });

  it('holds nothing but those, and no key in clear', () => {
    expect(keys).toHaveLength(4);
    expect(text).not.toContain('fk_dev_');
  });
});
