import { parsePattern, type PathPattern } from '../matching/path-pattern.ts';
import { type MatchRequest, RuleTable } from '../matching/rule-table.ts';
import { toMatchRules } from '../matching/match-rule.ts';

interface Endpoint {
  readonly method: string;
  readonly pattern: PathPattern;
}

/** What the controllers of the gateway take: they win over declared routes. */
export class Endpoints {
  readonly #all: Endpoint[] = [];
  #rules: RuleTable<Endpoint> | undefined;

  /** @param path as Fastify writes it; one that is no pattern of ours is left out */
  add(methods: readonly string[], path: string): void {
    const pattern = parsePattern(path);
    if (typeof pattern === 'string') return;
    this.#all.push(...methods.map((method) => ({ method, pattern })));
    this.#rules = undefined;
  }

  all(): readonly Endpoint[] {
    return this.#all;
  }

  allowedMethods(request: MatchRequest): string[] {
    this.#rules ??= new RuleTable(
      this.#all.flatMap((value) =>
        toMatchRules({ methods: [value.method] }, value.pattern).map((rule) => ({ rule, value })),
      ),
    );
    return this.#rules.allowedMethods(request);
  }
}
