import { type CachePolicy } from '../cache-policy.ts';
import { type StoredHead } from '../stored-response.ts';
import { type Directives } from './cache-control.ts';
import { combined, type HeaderField, type HeaderList, valuesOf } from './fields.ts';
import { dateOf, initialAgeMs, lifetimeMs, type Timing } from './freshness.ts';
import { toHttpDate } from './http-date.ts';
import { storedFields } from './stored-fields.ts';
import { responseDirectives } from './targeted.ts';
import { varyFields } from './vary.ts';

/** Statuses whose meaning for caches this one knows (RFC 9111 section 5.2.2.3). */
const understood: ReadonlySet<number> = new Set([
  200, 203, 204, 300, 301, 302, 303, 307, 308, 404, 405, 410, 414, 501,
]);
const ttlApplies: ReadonlySet<number> = new Set([200, 203, 204, 300, 301, 308]);
/** Answers that make no sense on their own; ranges are served out of complete answers only. */
const neverStored: ReadonlySet<number> = new Set([206, 304, 416]);

/** Fields that are put on the request after this cache: what varies by one that is not seen here can't be told apart. */
const unseenFields: ReadonlySet<string> = new Set([
  'x-user-id',
  'x-user-tier',
  'x-user-scopes',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'x-request-id',
  'traceparent',
  'tracestate',
  'via',
]);

/** What the decision needs of the request that brought the answer about. */
export interface Asked {
  readonly headers: HeaderList;
  readonly hasAuthorization: boolean;
  readonly labels: readonly string[];
}

/** An answer's head as it arrived. */
export interface Answered {
  readonly status: number;
  readonly statusText?: string;
  readonly headers: HeaderList;
}

/**
 * Decides whether an answer to GET may be stored by a shared cache and is of use there (RFC 9111 section 3).
 * @returns what to store; undefined when it may not or need not be
 */
export function storable(
  asked: Asked,
  answered: Answered,
  policy: CachePolicy,
  timing: Timing,
): StoredHead | undefined {
  const { directives, targeted } = responseDirectives(answered.headers);
  const vary = varyFields(answered.headers);
  if (forbidden(asked, answered.status, directives, policy) || vary === '*') return undefined;
  if (vary.some((name) => unseenFields.has(name) && combined(asked.headers, name) === undefined))
    return undefined;
  const headers = storedFields(answered.headers, directives);
  if (!policy.storeSetCookie && valuesOf(headers, 'set-cookie').length > 0) return undefined;
  if (dateOf(headers, timing.wallMs) === undefined) replaceDate(headers, timing.wallMs);

  const bornAtMs = timing.answeredAtMs - initialAgeMs(answered.headers, timing);
  const lifetime = lifetimeMs(answered.status, answered.headers, directives, targeted, timing.wallMs);
  const ttlMs = ttlApplies.has(answered.status) ? policy.ttlMs : undefined;
  const freshUntilMs = ttlMs === undefined ? bornAtMs + (lifetime ?? 0) : timing.answeredAtMs + ttlMs;
  const etag = combined(headers, 'etag');
  const lastModified = combined(headers, 'last-modified');
  const head: StoredHead = {
    ...answered,
    headers,
    bornAtMs,
    freshUntilMs,
    ...staleness(directives, policy, freshUntilMs),
    immutable: directives.immutable === true,
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
    vary,
    labels: asked.labels,
  };
  return useful(head, timing.answeredAtMs, lifetime !== undefined || ttlMs !== undefined) ? head : undefined;
}

function forbidden(asked: Asked, status: number, directives: Directives, policy: CachePolicy): boolean {
  if (neverStored.has(status)) return true;
  if (directives.mustUnderstand ? !understood.has(status) : directives.noStore) return true;
  if (directives.private === true) return true;
  // An answer of one's own is shared with nobody, so it needs no leave to be shared.
  const shared = asked.hasAuthorization && policy.identity !== 'perSubject';
  return shared && !(directives.public || directives.mustRevalidate || directives.sMaxage !== undefined);
}

function staleness(directives: Directives, policy: CachePolicy, freshUntilMs: number) {
  const alwaysRevalidate = directives.noCache === true;
  const barred =
    alwaysRevalidate || directives.mustRevalidate === true || directives.proxyRevalidate === true;
  const until = (policyMs: number | undefined, seconds: number | undefined) => {
    const windowMs = policyMs ?? (seconds || 0) * 1000;
    return barred || windowMs === 0 ? -Infinity : freshUntilMs + windowMs;
  };
  return {
    alwaysRevalidate,
    // s-maxage bars stale use too (RFC 9111 section 5.2.2.10), but not what the same answer says in so many words.
    neverStale: barred || directives.sMaxage !== undefined,
    staleWhileRevalidateUntilMs: until(policy.staleWhileRevalidateMs, directives.staleWhileRevalidate),
    staleIfErrorUntilMs: until(policy.staleIfErrorMs, directives.staleIfError),
  };
}

/** Worth its room: fresh, or allowed stale, or at least something to ask the origin about. */
function useful(head: StoredHead, nowMs: number, statedOrGuessed: boolean): boolean {
  const hasValidator = head.etag !== undefined || head.lastModified !== undefined;
  if (head.alwaysRevalidate) return hasValidator;
  if (!statedOrGuessed) return hasValidator && head.status === 200;
  return (
    hasValidator ||
    head.freshUntilMs > nowMs ||
    head.staleWhileRevalidateUntilMs > nowMs ||
    head.staleIfErrorUntilMs > nowMs
  );
}

/** RFC 9110 section 6.6.1: without a usable Date, the time of arrival. */
function replaceDate(headers: HeaderField[], wallMs: number): void {
  const at = headers.findIndex(([name]) => name.toLowerCase() === 'date');
  headers.splice(at === -1 ? headers.length : at, at === -1 ? 0 : 1, ['Date', toHttpDate(wallMs)]);
}
