import { type StoredHead } from '../stored-response.ts';
import { entityTags, isWeak, stronglyEqual, weaklyEqual } from './entity-tag.ts';
import { combined, type HeaderField, type HeaderList, without } from './fields.ts';
import { dateOf } from './freshness.ts';
import { httpDate } from './http-date.ts';
import { type RequestWishes } from './request-wishes.ts';

const conditions: ReadonlySet<string> = new Set([
  'if-none-match',
  'if-modified-since',
  'if-match',
  'if-unmodified-since',
  'if-range',
  'range',
]);

/** The request fields for an answer in full: without the client's own conditions and ranges. */
export function unconditional(headers: HeaderList): HeaderField[] {
  return without(headers, conditions);
}

/** Asks the origin whether a stored answer still holds (RFC 9111 section 4.3.1); undefined when it can't be asked. */
export function conditional(headers: HeaderList, stored: StoredHead): HeaderField[] | undefined {
  if (stored.etag === undefined && stored.lastModified === undefined) return undefined;
  const fields = unconditional(headers);
  if (stored.etag !== undefined) fields.push(['If-None-Match', stored.etag]);
  if (stored.lastModified !== undefined) fields.push(['If-Modified-Since', stored.lastModified]);
  return fields;
}

/** Whether a 304 speaks of this stored answer (RFC 9111 section 4.3.4). */
export function confirms(notModified: HeaderList, stored: StoredHead): boolean {
  const etag = combined(notModified, 'etag');
  if (etag !== undefined) {
    if (stored.etag === undefined) return false;
    return isWeak(etag) ? weaklyEqual(etag, stored.etag) : etag === stored.etag.replace(/^W\//, '');
  }
  const lastModified = combined(notModified, 'last-modified');
  return (
    lastModified === undefined || stored.lastModified === undefined || lastModified === stored.lastModified
  );
}

/** Whether the client's own condition is answered by a 304 out of this stored answer (RFC 9110 section 13.2.2). */
export function isNotModified(wishes: RequestWishes, stored: StoredHead, nowMs: number): boolean {
  if (stored.status < 200 || stored.status > 299) return false;
  if (wishes.ifNoneMatch !== undefined) {
    const { etag } = stored;
    if (wishes.ifNoneMatch.trim() === '*') return true;
    return etag !== undefined && entityTags(wishes.ifNoneMatch).some((tag) => weaklyEqual(tag, etag));
  }
  if (wishes.ifModifiedSince === undefined) return false;
  const sinceMs = httpDate(wishes.ifModifiedSince, nowMs);
  // An answer that does not say when it last changed may have changed when it was made.
  const changedAtMs =
    stored.lastModified === undefined ? dateOf(stored.headers, nowMs) : httpDate(stored.lastModified, nowMs);
  return sinceMs !== undefined && changedAtMs !== undefined && changedAtMs <= sinceMs;
}

/** Whether a range may be cut from this stored answer: `If-Range` names exactly it (RFC 9110 section 13.1.5). */
export function rangeHolds(ifRange: string | undefined, stored: StoredHead): boolean {
  if (ifRange === undefined) return true;
  const wanted = ifRange.trim();
  return /^(?:W\/)?"/.test(wanted)
    ? stored.etag !== undefined && stronglyEqual(wanted, stored.etag)
    : stored.lastModified === wanted;
}

/** Whether what HEAD says of a stored answer to GET contradicts it (RFC 9111 section 4.3.5). */
export function contradicts(head: HeaderList, stored: StoredHead): boolean {
  return ['etag', 'last-modified', 'content-length'].some((name) => {
    const said = combined(head, name);
    const known = combined(stored.headers, name);
    return said !== undefined && known !== undefined && said !== known;
  });
}
