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

const nothing: RequestWishes = Object.freeze({ plain: true });

/** Reads the fields that concern a cache in one pass. @param honoured false: `Cache-Control` of clients is not heard */
export function requestWishes(headers: HeaderList, honoured: boolean): RequestWishes {
  let wishes: Mutable<RequestWishes> | undefined;
  let controlled = false;
  let pragma = false;
  for (const [name, value] of headers) {
    // Lengths of the names below: most fields are passed over without a comparison.
    switch (name.length) {
      case 5:
        if (is(name, 'range')) (wishes ??= { plain: false }).range = value;
        break;
      case 6:
        if (is(name, 'pragma')) pragma ||= /(?:^|,)\s*no-cache\s*(?:,|$)/i.test(value);
        break;
      case 8:
        if (is(name, 'if-match')) (wishes ??= { plain: false }).precondition = true;
        else if (is(name, 'if-range')) (wishes ??= { plain: false }).ifRange = value;
        break;
      case 13:
        if (is(name, 'cache-control')) controlled = true;
        else if (is(name, 'if-none-match')) {
          wishes ??= { plain: false };
          wishes.ifNoneMatch = wishes.ifNoneMatch === undefined ? value : `${wishes.ifNoneMatch}, ${value}`;
        }
        break;
      case 17:
        if (is(name, 'if-modified-since')) (wishes ??= { plain: false }).ifModifiedSince = value;
        break;
      case 19:
        if (is(name, 'if-unmodified-since')) (wishes ??= { plain: false }).precondition = true;
        break;
    }
  }
  if (honoured && controlled) return { ...(wishes ?? nothing), ...directiveWishes(headers) };
  if (honoured && pragma) return { ...(wishes ?? nothing), noCache: true };
  return wishes ?? nothing;
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

function is(name: string, lowerCase: string): boolean {
  return name === lowerCase || name.toLowerCase() === lowerCase;
}
