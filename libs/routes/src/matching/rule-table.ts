import { anyHost, hostMatches } from './host-pattern.ts';
import { compareRules, type MatchRule } from './match-rule.ts';
import { PathTree } from './path-tree.ts';
import { headersHold, queryHolds } from './predicates.ts';

/** What of a request decides its route. */
export interface MatchRequest {
  readonly method: string;
  /** See `hostName`. */
  readonly host: string;
  /** See `canonicalPath`. */
  readonly path: string;
  /** As it came, without `?`. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

interface Entry<T> {
  readonly rule: MatchRule;
  readonly value: T;
}

/** Rules in their total order, made once; a look-up walks only those whose host and path fit. */
export class RuleTable<T> {
  /** In the order they are asked. */
  readonly entries: readonly Entry<T>[];
  readonly #exactHosts = new Map<string, PathTree<Entry<T>>>();
  /** The longest first; `*` is the last. */
  readonly #hostPatterns = new Map<string, PathTree<Entry<T>>>();

  constructor(entries: readonly Entry<T>[]) {
    this.entries = entries.toSorted((a, b) => compareRules(a.rule, b.rule));
    for (const entry of this.entries) this.#treeOf(entry.rule.host).add(entry.rule.pattern, entry);
  }

  find(request: MatchRequest): T | undefined {
    return this.#find(
      request,
      ({ rule }) => rule.methods?.has(request.method) !== false && conditionsHold(rule, request),
    );
  }

  /** Methods of the rules that fit but for the method; empty when none does: 404 rather than 405. */
  allowedMethods(request: MatchRequest): string[] {
    const methods = new Set<string>();
    this.#find(request, ({ rule }) => {
      if (conditionsHold(rule, request)) rule.methods?.forEach((method) => methods.add(method));
      return false;
    });
    return [...methods].sort();
  }

  #find(request: MatchRequest, accept: (entry: Entry<T>) => boolean): T | undefined {
    if (this.#exactHosts.size > 0) {
      const exact = this.#exactHosts.get(request.host)?.find(request.path, accept);
      if (exact) return exact.value;
    }
    for (const [pattern, tree] of this.#hostPatterns) {
      const entry = hostMatches(pattern, request.host) ? tree.find(request.path, accept) : undefined;
      if (entry) return entry.value;
    }
    return undefined;
  }

  #treeOf(host: string): PathTree<Entry<T>> {
    const trees = host === anyHost || host.startsWith('*.') ? this.#hostPatterns : this.#exactHosts;
    const known = trees.get(host);
    if (known) return known;
    const tree = new PathTree<Entry<T>>();
    trees.set(host, tree);
    return tree;
  }
}

function conditionsHold(rule: MatchRule, request: MatchRequest): boolean {
  return headersHold(rule.headers, request.headers) && queryHolds(rule.query, request.query);
}
