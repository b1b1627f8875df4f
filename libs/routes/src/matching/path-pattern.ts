import { canonicalPath } from './canonical-path.ts';

export type PatternSegment =
  { readonly kind: 'literal'; readonly text: string } | { readonly kind: 'param'; readonly name: string };

/** `/orders/:id/*` read once. */
export interface PathPattern {
  /** As declared, with the prefix: the route template of logs and metrics. */
  readonly text: string;
  readonly segments: readonly PatternSegment[];
  /** It ends in `/*`: any rest matches, none too. */
  readonly wildcard: boolean;
}

const paramName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Reads a pattern: literal segments, `:name` for exactly one segment, and `*` as the last one. A trailing slash says
 * nothing, here and in requests.
 * @returns the pattern, or in words why it is none
 */
export function parsePattern(text: string): PathPattern | string {
  const parts = text.split('/').slice(1);
  if (parts.at(-1) === '') parts.pop();
  const wildcard = parts.at(-1) === '*';
  if (wildcard) parts.pop();
  const segments: PatternSegment[] = [];
  for (const part of parts) {
    const segment = parseSegment(part);
    if (typeof segment === 'string') return segment;
    segments.push(segment);
  }
  return twiceNamed(segments) ?? { text, segments, wildcard };
}

/** Names of the parameters, in order. */
export function paramNames(pattern: PathPattern): string[] {
  return pattern.segments.flatMap((segment) => (segment.kind === 'param' ? [segment.name] : []));
}

function parseSegment(part: string): PatternSegment | string {
  if (part === '') return 'has an empty segment (//): leave it out';
  if (part.startsWith(':')) {
    if (paramName.test(part.slice(1))) return { kind: 'param', name: part.slice(1) };
    return `"${part}" is no parameter: a parameter is a whole segment, a colon and a name of letters, digits and _`;
  }
  if (part.includes('*')) return `"${part}" has a *: a wildcard is the whole last segment`;
  if (/[?#]/.test(part)) return 'has a query or fragment: use match.query';
  const literal = canonicalPath(`/${part.toWellFormed().replace(/[^\x21-\x7e]/gu, encodeURIComponent)}`);
  if (literal === undefined || literal.includes('%2F')) {
    return `"${part}" can't be matched: such a path is refused as ambiguous`;
  }
  return { kind: 'literal', text: literal.slice(1) };
}

function twiceNamed(segments: readonly PatternSegment[]): string | undefined {
  const names = segments.flatMap((segment) => (segment.kind === 'param' ? [segment.name] : []));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined ? undefined : `has the parameter :${twice} twice: name them apart`;
}

/** Segment by segment, a literal before a parameter before the wildcard; texts alphabetically, for a stable table. */
export function comparePatterns(a: PathPattern, b: PathPattern): number {
  const length = Math.max(a.segments.length, b.segments.length);
  for (let index = 0; index < length; index++) {
    const difference = segmentRank(a, index) - segmentRank(b, index);
    if (difference !== 0) return difference;
    const order = textOf(a.segments[index]).localeCompare(textOf(b.segments[index]));
    if (order !== 0) return order;
  }
  return Number(a.wildcard) - Number(b.wildcard);
}

/** Whether every path of `narrow` is one of `wide`. */
export function patternCovers(wide: PathPattern, narrow: PathPattern): boolean {
  if (wide.segments.length > narrow.segments.length) return false;
  if (!wide.wildcard && (narrow.wildcard || wide.segments.length < narrow.segments.length)) return false;
  return wide.segments.every((segment, index) => {
    const other = narrow.segments[index];
    return segment.kind === 'param' || (other?.kind === 'literal' && other.text === segment.text);
  });
}

/** Patterns that take the same paths have the same shape: names of parameters don't count. */
export function patternShape({ segments, wildcard }: PathPattern): string {
  const parts = segments.map((segment) => (segment.kind === 'param' ? ':' : segment.text));
  return `/${[...parts, ...(wildcard ? ['*'] : [])].join('/')}`;
}

function segmentRank({ segments, wildcard }: PathPattern, index: number): number {
  const segment = segments[index];
  if (segment) return segment.kind === 'literal' ? 1 : 2;
  return wildcard ? 3 : 0;
}

function textOf(segment: PatternSegment | undefined): string {
  return segment?.kind === 'literal' ? segment.text : '';
}
