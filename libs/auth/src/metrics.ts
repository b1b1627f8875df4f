import { Counter, Gauge, type Registry } from 'prom-client';
import { type TokenCache } from './bearer/token-cache.ts';
import { type Revocations } from './revocation/revocations.ts';
import { authModes, type KeySet } from './keys/key-set.ts';

/** Declares the metrics of this lib. They are read when scraped: a request pays nothing for them. */
export function registerAuthMetrics(
  registry: Registry,
  keys: KeySet,
  cache: TokenCache,
  revocations: Revocations,
): void {
  const registers = [registry];
  new Gauge({
    name: 'gateway_auth_mode',
    help: '1 for how access tokens are checked now: with current keys, the last known ones, or none yet',
    labelNames: ['mode'],
    registers,
    collect() {
      for (const mode of authModes) this.set({ mode }, keys.mode === mode ? 1 : 0);
    },
  });
  new Gauge({
    name: 'gateway_auth_token_cache_entries',
    help: 'Verified access tokens held',
    registers,
    collect() {
      this.set(cache.size);
    },
  });
  new Gauge({
    name: 'gateway_auth_revocations',
    help: 'Revoked keys, sessions and subjects this instance knows of',
    registers,
    collect() {
      this.set(revocations.size);
    },
  });
  new Counter({
    name: 'gateway_auth_token_cache_total',
    help: 'Look-ups of access tokens in the cache, by result',
    labelNames: ['result'],
    registers,
    collect() {
      this.reset();
      this.inc({ result: 'hit' }, cache.hits);
      this.inc({ result: 'miss' }, cache.misses);
    },
  });
}
