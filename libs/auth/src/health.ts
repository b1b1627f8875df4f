import { type HealthChecks, type HealthReport } from '@facet/management';
import { type ApiKeys } from './api-key/api-keys.ts';
import { type KeySet } from './keys/key-set.ts';

/** Readiness `auth`: never `down`, since public endpoints, known tokens and API keys work without the issuer. */
export function addAuthHealth(checks: HealthChecks, keys: KeySet, apiKeys: ApiKeys): void {
  checks.addReadiness('auth', (): HealthReport => {
    const isWhole = keys.mode === 'normal' && apiKeys.isFileGood;
    return {
      state: isWhole ? 'up' : 'degraded',
      details: {
        mode: keys.mode,
        keys: keys.size,
        apiKeys: apiKeys.ring.size,
        apiKeysFile: apiKeys.isFileGood ? 'good' : 'bad, last keys kept',
      },
    };
  });
}
