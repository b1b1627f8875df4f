import { canonicalPath } from './matching/canonical-path.ts';
import { paramNames, type PathPattern } from './matching/path-pattern.ts';
import { RawSegments } from './matching/raw-segments.ts';

/** Path for the upstream, made of the path as it came. */
export type TargetPath = (path: string) => string;

export interface TargetOptions {
  readonly pattern: PathPattern;
  /** `/v2/hello/:id/*` */
  readonly rewrite?: string | undefined;
  /** Leading segments to drop. */
  readonly stripSegments: number;
  /** Path of the upstream's URL, without trailing slash: `/base` or empty. */
  readonly basePath: string;
}

/**
 * Compiles how a path goes on. Parameters keep the bytes they came in: one segment stays one segment, since a
 * request path with a second reading (`..`, `%2F`) was refused before.
 */
export function compileTarget({ pattern, rewrite, stripSegments, basePath }: TargetOptions): TargetPath {
  if (rewrite !== undefined) return compileRewrite(pattern, basePath, rewrite);
  if (stripSegments > 0) {
    return (path) => `${basePath}/${new RawSegments(pattern, path).from(stripSegments)}`;
  }
  return basePath === '' ? (path) => path : (path) => basePath + path;
}

/** Why a `rewrite` can't serve the routes of a pattern, in words. */
export function rewriteFault(pattern: PathPattern, rewrite: string): string | undefined {
  const parts = rewrite.split('/').slice(1);
  if (/[?#]/.test(rewrite)) return 'has a query or fragment: use request.query';
  if (parts.slice(0, -1).includes('*')) return 'has a * that is not the last segment';
  if (parts.at(-1) === '*' && !pattern.wildcard) return 'ends in /* but path does not';
  const known = paramNames(pattern);
  const unknown = parts.find((part) => part.startsWith(':') && !known.includes(part.slice(1)));
  if (unknown !== undefined) return `names ${unknown}, which path does not have`;
  if (canonicalPath(rewrite) === undefined) {
    return 'is no path that every upstream reads alike: encode it, and leave out //, . and ..';
  }
  return undefined;
}

function compileRewrite(pattern: PathPattern, basePath: string, rewrite: string): TargetPath {
  const parts = rewrite.split('/').slice(1);
  if (!parts.some((part) => part === '*' || part.startsWith(':'))) return () => basePath + rewrite;
  return (path) => {
    const segments = new RawSegments(pattern, path);
    const made = parts.map((part) => {
      if (part === '*') return segments.rest();
      return part.startsWith(':') ? segments.param(part.slice(1)) : part;
    });
    if (made.at(-1) === undefined) made.pop();
    return `${basePath}/${made.join('/')}`;
  };
}
