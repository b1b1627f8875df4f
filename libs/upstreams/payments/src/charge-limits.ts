import { type LimitPolicy } from '@facet/context';

/**
 * 10,000 charges a minute per API key: no less than any tier with a number has, so that it only binds who is unlimited.
 * A leaked key must not become free to try cards with while the shared store is away, so the limit then refuses.
 */
export const chargeLimits: readonly LimitPolicy[] = [
  { name: 'charge-key', per: 'key', limit: 10_000, windowMs: 60_000, onStoreFailure: 'closed' },
];
