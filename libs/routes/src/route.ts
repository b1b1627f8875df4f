import { type CachePolicy } from '@facet/caching';
import { type HttpPolicy, type Policy } from '@facet/context';
import { type AdHocUpstream } from './ad-hoc-upstream.ts';
import { type RouteDeclaration } from './declaration/route.schema.ts';
import { type MatchRule } from './matching/match-rule.ts';
import { type PathPattern } from './matching/path-pattern.ts';
import { type TargetPath } from './target-path.ts';
import { type FieldTransform } from './transforms/field-rules.ts';
import { type QueryTransform } from './transforms/query-rules.ts';

/** A declared route, compiled: all that can be decided before a request comes is decided here. */
export interface Route {
  readonly id: string;
  readonly declaration: RouteDeclaration;
  readonly pattern: PathPattern;
  /** One for each host it is declared for. */
  readonly rules: readonly MatchRule[];
  /** Name of the upstream. */
  readonly upstream: string;
  /** Set when the upstream was named by URL, and is to be declared. */
  readonly adHocUpstream?: AdHocUpstream;
  /** For the stages. */
  readonly policy: Policy;
  /** For the HTTP hooks. */
  readonly http: HttpPolicy;
  readonly target: TargetPath;
  readonly requestHeaders?: FieldTransform;
  readonly requestQuery?: QueryTransform;
  readonly responseHeaders?: FieldTransform;
  /** Tries in all, 1: no retry; absent: as the upstream is declared. */
  readonly attempts?: number;
  /** Absent: answers are not cached. */
  readonly cache?: CachePolicy;
  /** Infinity: none. */
  readonly bodyLimitBytes: number;
}
