import { type RequestContext } from '@facet/context';
import { type Answer, type Call } from '@facet/resilience';

/** A JSON call on its way to an upstream, by shape: transports don't import one another. */
export interface CacheableCall<C> extends Call {
  readonly parts: {
    readonly context: RequestContext;
    readonly method: string;
    /** Query included. */
    readonly path: string;
    /** What the upstream will see: name, value, name, value; identity included. */
    readonly headers: readonly string[];
    /** Statuses whose body the caller reads besides 2xx: part of the key. */
    readonly acceptStatuses?: readonly number[] | undefined;
    /** Reads only some of the body, and says which by its key: part of the key too. */
    readonly reader?: { readonly key: string } | undefined;
    /** A `CachePolicy`; undefined: not cached. */
    readonly cache?: unknown;
  };
  /** The same call, given up by `signal` alone. */
  detached(signal: AbortSignal): C;
}

/** Its answer, the body parsed. Read only: it is shared with every caller it is served to. */
export interface CacheableAnswer extends Answer {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: unknown;
  readonly retryAfter: string | undefined;
}
