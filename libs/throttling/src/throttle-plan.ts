import { type LimitPolicy, type Policy, type StageRequest, type Tier } from '@facet/context';
import { type TierLimit, type TiersConfig } from '@facet/config';
import { clientKey } from './client-key.ts';
import { Limit } from './limit.ts';
import { type Claim } from './throttle.store.ts';

type TierName = Tier | 'anonymous';
type KeyOf = (request: StageRequest) => string | undefined;

interface PlannedLimit {
  readonly limit: Limit;
  /** Undefined: the limit does not apply to this request. */
  readonly keyOf: KeyOf;
}

type Plan = readonly PlannedLimit[];

/** Puts together, once per policy and tier, which limits a request has to ask. */
export class ThrottlePlanner {
  readonly #tierLimits: Readonly<Partial<Record<string, PlannedLimit>>>;
  readonly #plans = new WeakMap<Policy, Map<TierName, Plan>>();

  /** @throws RangeError when a tier's numbers cannot be counted exactly */
  constructor(tiers: TiersConfig) {
    this.#tierLimits = Object.fromEntries(
      Object.entries(tiers).flatMap(([tier, limit]) => plannedTier(tier, limit)),
    );
  }

  /** The limits that apply, in the order they are told: the endpoint's own, then the tier's. */
  plan(policy: Policy, tier: TierName): Plan {
    let byTier = this.#plans.get(policy);
    if (byTier === undefined) this.#plans.set(policy, (byTier = new Map<TierName, Plan>()));
    let plan = byTier.get(tier);
    if (plan === undefined) byTier.set(tier, (plan = this.#build(policy, tier)));
    return plan;
  }

  #build({ limits, route }: Policy, tier: TierName): Plan {
    if (limits === 'off') return [];
    const ofTier = this.#tierLimits[tier];
    const tierPlan = ofTier === undefined ? [] : [ofTier];
    if (limits === 'tier') return tierPlan;
    const own = uniquelyNamed(limits.list, route).map((policy) => plannedLimit(policy, route));
    return limits.withoutTier ? own : [...own, ...tierPlan];
  }
}

/** The claims of one request on a plan. */
export function claimsOf(plan: Plan, request: StageRequest): Claim[] {
  const claims: Claim[] = [];
  for (const { limit, keyOf } of plan) {
    const key = keyOf(request);
    if (key !== undefined) claims.push({ limit, key });
  }
  return claims;
}

function uniquelyNamed(list: readonly LimitPolicy[], route: string): readonly LimitPolicy[] {
  const names = new Set(list.map(({ name }) => name));
  if (names.size !== list.length) throw new RangeError(`${route}: two limits have the same name`);
  return list;
}

function plannedTier(tier: string, limit: TierLimit): [string, PlannedLimit][] {
  if (limit === 'unlimited') return [];
  return [[tier, { limit: new Limit({ ...limit, name: tier }, 'tier'), keyOf: callerKey }]];
}

function plannedLimit(policy: LimitPolicy, route: string): PlannedLimit {
  const { per } = policy;
  const scope = per === 'total' ? 'total' : `route:${route}`;
  return { limit: new Limit(policy, scope), keyOf: typeof per === 'function' ? per : keysOf[per] };
}

const keysOf: Readonly<Record<Exclude<LimitPolicy['per'], (...args: never[]) => unknown>, KeyOf>> = {
  client: ({ facet }) => clientKey(facet.clientAddress),
  subject: callerKey,
  key: (request) => request.facet.principal.keyId ?? callerKey(request),
  route: () => '',
  total: () => '',
};

/** The verified subject; who has none is counted by address, so that leaving the credential out gains nothing. */
function callerKey({ facet: { principal, clientAddress } }: StageRequest): string {
  return principal.kind === 'anonymous' ? `\0${clientKey(clientAddress)}` : principal.subject;
}
