import { describe, expect, it } from '@jest/globals';
import { SecretKeySet } from './secret-key-set.ts';

describe('SecretKeySet', () => {
  it('serves its algorithms only', () => {
    const keys = new SecretKeySet('x'.repeat(32), ['HS256']);
    expect(keys.find({ alg: 'HS256', kid: undefined })?.key.type).toBe('secret');
    expect(keys.find({ alg: 'HS512', kid: undefined })).toBeUndefined();
    expect(keys.find({ alg: 'RS256', kid: undefined })).toBeUndefined();
  });

  it('refuses a secret under 32 bytes without repeating it', () => {
    const secret = 'canary-secret-of-31-bytes-only!';
    expect(() => new SecretKeySet(secret, ['HS256'])).toThrow(/32 bytes/);
    expect(() => new SecretKeySet(secret, ['HS256'])).not.toThrow(/canary/);
  });

  it('refuses algorithms of key pairs', () => {
    expect(() => new SecretKeySet('x'.repeat(32), ['HS256', 'RS256'])).toThrow(/RS256 does not fit/);
  });
});
