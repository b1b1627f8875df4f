import { type HeaderList, members, valuesOf } from './fields.ts';

/** Delta-seconds beyond this count as this (RFC 9111 section 1.2.2). */
const maxDeltaSeconds = 2_147_483_648;

/**
 * The directives of one message that this cache knows; others are ignored (RFC 9111 section 5.2.3). Numbers are
 * seconds, `NaN` when the directive is there without a usable number. Of a directive said twice the first counts.
 */
export interface Directives {
  maxAge?: number;
  sMaxage?: number;
  staleWhileRevalidate?: number;
  staleIfError?: number;
  minFresh?: number;
  /** Infinity when it came without a number. */
  maxStale?: number;
  /** True, or the fields it is limited to, in lower case. */
  noCache?: true | readonly string[];
  private?: true | readonly string[];
  noStore?: true;
  public?: true;
  mustRevalidate?: true;
  proxyRevalidate?: true;
  mustUnderstand?: true;
  immutable?: true;
  onlyIfCached?: true;
}

/** One directive as written: argument unquoted; `malformed` when there is more or less than `name[=argument]`. */
interface Written {
  readonly name: string;
  readonly argument: string | undefined;
  readonly malformed: boolean;
}

const pattern = /[ \t]*([^\s=,;"]*)([ \t]*)(?:=([ \t]*)(?:"((?:[^"\\]|\\.)*)"|([^,"]*)))?([^,]*)(?:,|$)/gy;

/** Reads a `Cache-Control` field, all its lines as one list. */
export function cacheControl(headers: HeaderList): Directives {
  const directives: Directives = {};
  for (const value of valuesOf(headers, 'cache-control')) read(value, directives);
  return directives;
}

function read(value: string, into: Directives): void {
  pattern.lastIndex = 0;
  while (pattern.lastIndex < value.length) {
    const match = pattern.exec(value);
    if (!match) return;
    const [, name = '', gapBefore, gapAfter, quoted, token, rest = ''] = match;
    const argument = quoted === undefined ? token?.trimEnd() : quoted.replace(/\\(.)/g, '$1');
    apply(into, {
      name: name.toLowerCase(),
      argument,
      malformed: (argument !== undefined && `${gapBefore}${gapAfter}` !== '') || rest.trim() !== '',
    });
  }
}

/** What restricts is honoured even when malformed; what permits is not. */
function apply(directives: Directives, written: Written): void {
  switch (written.name) {
    case 'max-age':
      directives.maxAge ??= seconds(written);
      break;
    case 's-maxage':
      directives.sMaxage ??= seconds(written);
      break;
    case 'stale-while-revalidate':
      directives.staleWhileRevalidate ??= seconds(written);
      break;
    case 'stale-if-error':
      directives.staleIfError ??= seconds(written);
      break;
    case 'min-fresh':
      directives.minFresh ??= seconds(written);
      break;
    case 'max-stale':
      directives.maxStale ??= written.argument === undefined ? Infinity : seconds(written);
      break;
    case 'no-cache':
      directives.noCache = narrowed(directives.noCache, written);
      break;
    case 'private':
      directives.private = narrowed(directives.private, written);
      break;
    case 'no-store':
      directives.noStore = true;
      break;
    case 'must-revalidate':
      directives.mustRevalidate = true;
      break;
    case 'proxy-revalidate':
      directives.proxyRevalidate = true;
      break;
    case 'only-if-cached':
      directives.onlyIfCached = true;
      break;
    default:
      permit(directives, written);
  }
}

function permit(directives: Directives, { name, argument, malformed }: Written): void {
  if (argument !== undefined || malformed) return;
  if (name === 'public') directives.public = true;
  else if (name === 'immutable') directives.immutable = true;
  else if (name === 'must-understand') directives.mustUnderstand = true;
}

function seconds({ argument, malformed }: Written): number {
  return malformed || argument === undefined || !/^\d+$/.test(argument)
    ? NaN
    : Math.min(Number(argument), maxDeltaSeconds);
}

/** `no-cache="a, b"` is about those fields only; anything unclear is about the whole message. */
function narrowed(
  before: true | readonly string[] | undefined,
  { argument, malformed }: Written,
): true | readonly string[] {
  const fields = members(argument ?? '').map((field) => field.toLowerCase());
  if (before === true || malformed || fields.length === 0) return true;
  return [...(before ?? []), ...fields];
}
