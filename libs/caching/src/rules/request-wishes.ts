import { FieldMap } from '@facet/context';
import { cacheControl } from './cache-control.ts';
import { type HeaderList } from './fields.ts';

/** What a request says to caches; absent members were not said. */
export interface RequestWishes {
  /** Neither conditional nor for a part: what is stored is sent as it is. */
  readonly plain: boolean;
  readonly ifNoneMatch?: string;
  readonly ifModifiedSince?: string;
  readonly range?: string;
  readonly ifRange?: string;
  /** `If-Match` or `If-Unmodified-Since`: for the origin alone to judge (RFC 9111 section 4.3.2). */
  readonly precondition?: true;
  readonly noStore?: true;
  readonly noCache?: true;
  readonly onlyIfCached?: true;
  readonly maxAgeMs?: number;
  readonly minFreshMs?: number;
  /** Infinity: any staleness will do. */
  readonly maxStaleMs?: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Of a request none of whose fields concerns a cache. */
export const noWishes: RequestWishes = Object.freeze({ plain: true });

/** The names that concern caches. */
const concerning = new FieldMap(
  [
    'range',
    'pragma',
    'if-match',
    'if-range',
    'cache-control',
    'if-none-match',
    'if-modified-since',
    'if-unmodified-since',
  ].map((name) => [name, name] as const),
);

/** Whether any field says something to caches. @param rawHeaders name, value, name, value */
export function concernsCaches(rawHeaders: readonly string[]): boolean {
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (concerning.get(rawHeaders[at] as string) !== undefined) return true;
  }
  return false;
}

/** Reads the fields that concern a cache in one pass. @param honoured false: `Cache-Control` of clients is not heard */
export function requestWishes(headers: HeaderList, honoured: boolean): RequestWishes {
  let wishes: Mutable<RequestWishes> | undefined;
  let controlled = false;
  let pragma = false;
  for (const [name, value] of headers) {
    switch (concerning.get(name)) {
      case 'range':
        (wishes ??= { plain: false }).range = value;
        break;
      case 'pragma':
        pragma ||= /(?:^|,)\s*no-cache\s*(?:,|$)/i.test(value);
        break;
      case 'if-range':
        (wishes ??= { plain: false }).ifRange = value;
        break;
      case 'cache-control':
        controlled = true;
        break;
      case 'if-none-match':
        wishes ??= { plain: false };
        wishes.ifNoneMatch = wishes.ifNoneMatch === undefined ? value : `${wishes.ifNoneMatch}, ${value}`;
        break;
      case 'if-modified-since':
        (wishes ??= { plain: false }).ifModifiedSince = value;
        break;
      case 'if-match':
      case 'if-unmodified-since':
        (wishes ??= { plain: false }).precondition = true;
        break;
    }
  }
  if (honoured && controlled) return { ...(wishes ?? noWishes), ...directiveWishes(headers) };
  if (honoured && pragma) return { ...(wishes ?? noWishes), noCache: true };
  return wishes ?? noWishes;
}

function directiveWishes(headers: HeaderList): Partial<RequestWishes> {
  const directives = cacheControl(headers);
  return {
    ...(directives.noStore && { noStore: true }),
    ...(directives.noCache && { noCache: true }),
    ...(directives.onlyIfCached && { onlyIfCached: true }),
    ...ms('maxAgeMs', directives.maxAge),
    ...ms('minFreshMs', directives.minFresh),
    ...ms('maxStaleMs', directives.maxStale),
  };
}

function ms<K extends string>(key: K, seconds: number | undefined): Partial<Record<K, number>> {
  return (seconds ?? NaN) >= 0 ? ({ [key]: Number(seconds) * 1000 } as Record<K, number>) : {};
}
