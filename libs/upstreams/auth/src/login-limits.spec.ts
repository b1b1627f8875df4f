import { type StageRequest } from '@facet/context';
import { describe, expect, it } from '@jest/globals';
import { loginLimits } from './login-limits.ts';

const keyOf = (body: unknown) => {
  const per = loginLimits.find(({ name }) => name === 'login-username')?.per;
  if (typeof per !== 'function') throw new Error('login-username has no key');
  return per({ body } as StageRequest);
};

describe('loginLimits', () => {
  it('counts by address and by user name, 10 a minute, and refuse when the store is away', () => {
    expect(loginLimits.map(({ per }) => typeof per)).toEqual(['string', 'function']);
    for (const limit of loginLimits) {
      expect(limit).toMatchObject({ limit: 10, windowMs: 60_000, onStoreFailure: 'closed' });
    }
  });

  it.each(['Premium', ' premium', 'PREMIUM\t', 'ｐｒｅｍｉｕｍ'])('takes %j for premium', (username) => {
    expect(keyOf({ username, password: 'x' })).toBe('premium');
  });

  it.each([[undefined], [null], ['text'], [{}], [{ username: 1 }], [{ username: 'x'.repeat(201) }]])(
    'leaves %j to the schema',
    (body) => {
      expect(keyOf(body)).toBeUndefined();
    },
  );
});
