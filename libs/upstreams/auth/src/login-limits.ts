import { type LimitPolicy, type StageRequest } from '@facet/context';

const perMinute = { limit: 10, windowMs: 60_000, onStoreFailure: 'closed' } as const;

/**
 * 10 logins a minute per client address and per user name. Guessing must not become free while the shared store is
 * away, so these limits then refuse.
 */
export const loginLimits: readonly LimitPolicy[] = [
  { name: 'login-address', per: 'client', ...perMinute },
  { name: 'login-username', per: usernameOf, ...perMinute },
];

/** Spellings that a user directory may take for one name count as one; what is no name is refused by the schema. */
function usernameOf({ body }: StageRequest): string | undefined {
  if (typeof body !== 'object' || body === null || !('username' in body)) return undefined;
  const { username } = body;
  if (typeof username !== 'string' || username.length > 200) return undefined;
  return username.normalize('NFKC').trim().toLowerCase();
}
