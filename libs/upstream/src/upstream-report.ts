import { type HealthReport } from '@facet/management';
import { type CircuitHold, type CircuitState } from '@facet/resilience';
import { type Upstream } from './upstreams.ts';

/** What an operator may know of one upstream. Counts and modes only: no URL. */
export interface UpstreamReport {
  readonly upstream: string;
  /** `off`: it has no breaker. */
  readonly state: CircuitState | 'off';
  readonly hold: CircuitHold;
  /** Judged calls in the breaker's window. */
  readonly calls: number;
  readonly failures: number;
  readonly slow: number;
  /** Until the next probe, ms; 0 unless open. */
  readonly probeInMs: number;
  readonly active: number;
  readonly queued: number;
  readonly retrying: number;
  readonly sockets: number;
}

export function upstreamReport({ settings, breaker, bulkhead, budget, transport }: Upstream): UpstreamReport {
  const counts = breaker?.counts();
  return {
    upstream: settings.name,
    state: breaker?.state ?? 'off',
    hold: breaker?.holding ?? 'auto',
    calls: counts?.calls ?? 0,
    failures: counts?.failures ?? 0,
    slow: counts?.slow ?? 0,
    probeInMs: Math.ceil(breaker?.probeInMs ?? 0),
    active: bulkhead?.active ?? 0,
    queued: bulkhead?.queued ?? 0,
    retrying: budget.retrying,
    sockets: transport.stats().connected,
  };
}

/** For `/health/deps`: an open circuit is `down`, a probing or held one `degraded`. Asks nobody. */
export function upstreamHealth(upstream: Upstream): HealthReport {
  const { state, hold, ...details } = upstreamReport(upstream);
  const health = state === 'open' ? 'down' : state === 'half-open' || hold !== 'auto' ? 'degraded' : 'up';
  return { state: health, details: { circuit: state, hold, ...details } };
}
