import { type StageReply } from '@facet/context';
import { type LimitState } from './throttle.store.ts';

interface PolicyNumbers {
  readonly name: string;
  readonly limit: number;
  readonly windowMs: number;
  readonly burst: number;
}

/**
 * One item of `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10, section 3.1): `"free";q=100;w=60`.
 * The window is left out when it is no whole number of seconds; a burst that is not the limit is told in a parameter
 * of our own.
 * @throws RangeError when the name cannot be a structured-field string (RFC 9651, section 3.3.3)
 */
export function policyItem({ name, limit, windowMs, burst }: PolicyNumbers): string {
  const window = windowMs % 1000 === 0 ? `;w=${windowMs / 1000}` : '';
  return `${quoted(name)};q=${limit}${window}${burst === limit ? '' : `;facet-burst=${burst}`}`;
}

/** Tells the caller where it stands. One field each, items in the order of the claims. */
export function setRateLimitFields(reply: StageReply, states: readonly LimitState[]): void {
  if (states.length === 0) return;
  let policies = '';
  let limits = '';
  for (const state of states) {
    const separator = policies === '' ? '' : ', ';
    policies += separator + state.limit.policyItem;
    limits += `${separator}${state.limit.quotedName};r=${state.remaining};t=${seconds(state.resetMs)}`;
  }
  // In lower case, as Fastify keeps them: folding a name is a copy of it.
  reply.header('ratelimit-policy', policies);
  reply.header('ratelimit', limits);
}

/** The older de facto fields, for the one limit nearest to its end. */
export function setLegacyRateLimitFields(reply: StageReply, { limit, remaining, resetMs }: LimitState): void {
  reply.header('X-RateLimit-Limit', String(limit.limit));
  reply.header('X-RateLimit-Remaining', String(remaining));
  reply.header('X-RateLimit-Reset', String(seconds(resetMs)));
}

/** Rounded up: a caller who waits that long is never early. */
function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}

/**
 * A structured-field string (RFC 9651, section 3.3.3).
 * @throws RangeError when it holds anything but printable ASCII
 */
export function quoted(name: string): string {
  if (!/^[\x20-\x7e]+$/.test(name))
    throw new RangeError(`limit name ${JSON.stringify(name)} is not printable ASCII`);
  return `"${name.replace(/["\\]/g, '\\$&')}"`;
}
