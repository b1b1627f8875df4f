import { type Clock, type RequestContext, systemClock } from '@facet/context';
import { type PartGap } from '@facet/errors';
import { gapsOf, record } from './outcome.ts';
import { type AnyPart, type Part } from './part.ts';
import { Screen } from './screen.ts';

export type Parts = Readonly<Record<string, AnyPart>>;

/** What a screen is made of: a value per part, and the truth about what is missing. */
export interface Aggregated<P extends Parts> {
  readonly values: { readonly [Name in keyof P]: P[Name] extends Part<infer Value, unknown> ? Value : never };
  /** Whether any part is missing or filled from a fallback. */
  readonly partial: boolean;
  /** Those parts and why, in the order declared. */
  readonly parts: PartGap[];
}

/**
 * Loads the parts of one screen together: each starts as soon as the parts it needs are there, the others at once.
 * Answers when all have ended, never later than the longest `withinMs` or the request's deadline; gaps are also
 * recorded in `context.decisions`.
 * @throws GatewayError of the first required part that fails; what still runs is aborted
 * @throws GatewayError `client_closed_request` when the client goes away
 */
export async function aggregate<P extends Parts>(
  context: RequestContext,
  parts: P,
  { clock = systemClock }: { clock?: Clock } = {},
): Promise<Aggregated<P>> {
  const screen = new Screen(context, clock, parts);
  const outcomes = await screen.outcomes();
  const gaps = gapsOf(outcomes);
  record(context.decisions, gaps, outcomes);
  const values = Object.fromEntries(outcomes.map(([name, { value }]) => [name, value]));
  return { values: values as Aggregated<P>['values'], partial: gaps.length > 0, parts: gaps };
}
