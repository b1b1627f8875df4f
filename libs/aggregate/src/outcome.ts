import { type Decisions } from '@facet/context';
import { type GatewayError, type PartGap } from '@facet/errors';

/** How one part ended. `loaded` is absent when there is nothing a part that needs it could work with. */
export interface Outcome {
  readonly value: unknown;
  readonly loaded?: { readonly value: unknown };
  readonly error?: GatewayError;
  readonly rung?: Rung;
}

/** The fallback ladder, best first. */
const ladder = ['stale', 'static', 'partial'] as const;
export type Rung = (typeof ladder)[number];

/** Names every part that is missing or filled from a fallback, in the order of the screen. */
export function gapsOf(outcomes: readonly (readonly [string, Outcome])[]): PartGap[] {
  return outcomes.flatMap(([part, { error }]) => (error ? [{ part, reason: error.reason }] : []));
}

/** Puts the gaps and the lowest rung taken on the request's record. */
export function record(
  decisions: Decisions,
  gaps: readonly PartGap[],
  outcomes: readonly (readonly [string, Outcome])[],
): void {
  if (gaps.length === 0) return;
  decisions.gaps = [...(decisions.gaps ?? []), ...gaps];
  const taken = outcomes.map(([, { rung }]) => rung);
  const lowest = ladder.findLast((rung) => taken.includes(rung));
  if (lowest) decisions.fallback = lowest;
}
