import { type Policy, Stage, type StageReply, type StageRequest } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { type ThrottleMetrics } from './metrics.ts';
import { setLegacyRateLimitFields, setRateLimitFields } from './rate-limit-fields.ts';
import { claimsOf, type ThrottlePlanner } from './throttle-plan.ts';
import { type LimitState, type ThrottleStore, type Verdict } from './throttle.store.ts';

export interface ThrottleStageParts {
  readonly planner: ThrottlePlanner;
  readonly store: ThrottleStore;
  /** Default: nothing is counted. */
  readonly metrics?: ThrottleMetrics | undefined;
  /** Also send `X-RateLimit-*`. Default false. */
  readonly legacyFields?: boolean;
}

/**
 * Asks every limit that applies in one decision and tells the caller where it stands. Synchronous when the store is.
 * @throws GatewayError `rate_limited`; a refused request took nothing from any limit
 */
export class ThrottleStage extends Stage {
  readonly #parts: ThrottleStageParts;

  constructor(parts: ThrottleStageParts) {
    super();
    this.#parts = parts;
  }

  override run(request: StageRequest, reply: StageReply, policy: Policy): void | Promise<void> {
    const { planner, store } = this.#parts;
    const claims = claimsOf(planner.plan(policy, request.facet.principal.tier), request);
    // An unlimited caller gets no fields: there is no number to tell.
    if (claims.length === 0) return;
    const verdict = store.take(claims);
    return verdict instanceof Promise
      ? verdict.then((answer) => this.#conclude(answer, request, reply))
      : this.#conclude(verdict, request, reply);
  }

  #conclude(verdict: Verdict, { facet }: StageRequest, reply: StageReply): void {
    const nearest = nearestToEnd(verdict.states);
    setRateLimitFields(reply, verdict.states);
    if (nearest !== undefined) {
      facet.decisions.limit = nearest.limit.name;
      if (this.#parts.legacyFields) setLegacyRateLimitFields(reply, nearest);
    }
    if (verdict.admitted) return;
    const name = nearest?.limit.name ?? 'unknown';
    this.#parts.metrics?.refused(facet.principal.tier, name);
    throw new GatewayError('rate_limited', {
      retryAfterMs: verdict.retryAfterMs,
      detail: `The limit "${name}" is used up.`,
    });
  }
}

/** Of the limits that refused the one with the longest wait, else the one with the smallest share left. */
function nearestToEnd(states: readonly LimitState[]): LimitState | undefined {
  let nearest = states[0];
  for (const state of states) if (nearest !== undefined && isNearer(state, nearest)) nearest = state;
  return nearest;
}

function isNearer(a: LimitState, b: LimitState): boolean {
  if (a.refused !== b.refused) return a.refused;
  if (a.refused) return a.resetMs > b.resetMs;
  return a.remaining / a.limit.burst < b.remaining / b.limit.burst;
}
