import { type Directives } from './cache-control.ts';
import { combined, type HeaderList, valuesOf } from './fields.ts';
import { httpDate } from './http-date.ts';

/** Statuses whose answers may be kept by guess, without a word of the origin (RFC 9110 section 15.1); no partial ones. */
const heuristicallyCacheable: ReadonlySet<number> = new Set([
  200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501,
]);
/** A guess is a tenth of the time since the last change (RFC 9111 section 4.2.2), a day at most. */
const heuristicFraction = 0.1;
const maxHeuristicMs = 86_400_000;

/** When an exchange with the origin happened. */
export interface Timing {
  /** On the clock's monotonic scale. */
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
  /** The answer's arrival in ms since the epoch: dates in headers are compared with it. */
  readonly wallMs: number;
}

/** How old an answer already was when it arrived, ms (RFC 9111 section 4.2.3). */
export function initialAgeMs(headers: HeaderList, { sentAtMs, answeredAtMs, wallMs }: Timing): number {
  const dateMs = dateOf(headers, wallMs) ?? wallMs;
  // Date has whole seconds: a part of one is no age.
  const apparentMs = Math.floor(Math.max(0, wallMs - dateMs) / 1000) * 1000;
  return Math.max(apparentMs, ageValueMs(headers) + Math.max(0, answeredAtMs - sentAtMs));
}

/** How long an answer is fresh, ms from its birth; undefined when neither said nor to be guessed. */
export function lifetimeMs(
  status: number,
  headers: HeaderList,
  directives: Directives,
  targeted: boolean,
  receivedAtMs: number,
): number | undefined {
  const stated = directives.sMaxage ?? directives.maxAge;
  if (stated !== undefined) return (stated || 0) * 1000;
  const bornAtMs = dateOf(headers, receivedAtMs) ?? receivedAtMs;
  const expires = targeted ? [] : valuesOf(headers, 'expires');
  if (expires.length > 0) return untilExpiryMs(expires, bornAtMs, receivedAtMs);
  if (!heuristicallyCacheable.has(status) && !directives.public) return undefined;
  const changed = combined(headers, 'last-modified');
  const changedAtMs = changed === undefined ? undefined : httpDate(changed, receivedAtMs);
  if (changedAtMs === undefined) return undefined;
  return Math.min(Math.max(0, bornAtMs - changedAtMs) * heuristicFraction, maxHeuristicMs);
}

/** The origin's `Date`; undefined when missing or no date. */
export function dateOf(headers: HeaderList, nowMs: number): number | undefined {
  const value = combined(headers, 'date');
  return value === undefined ? undefined : httpDate(value, nowMs);
}

/** An `Expires` that is no date, or said twice, has passed (RFC 9111 section 5.3). */
function untilExpiryMs(expires: readonly string[], bornAtMs: number, nowMs: number): number {
  const expiresAtMs = expires.length === 1 ? httpDate(expires[0] ?? '', nowMs) : undefined;
  return expiresAtMs === undefined ? 0 : Math.max(0, expiresAtMs - bornAtMs);
}

/** The first member counts; one that is no number is ignored (RFC 9111 section 5.1). */
function ageValueMs(headers: HeaderList): number {
  const first = combined(headers, 'age')?.split(',', 1)[0]?.trim() ?? '';
  return /^\d+$/.test(first) ? Number(first) * 1000 : 0;
}
