import { type RouteDeclaration } from '../declaration/route.schema.ts';
import { type MatchRule } from '../matching/match-rule.ts';
import { type Conditions } from '../matching/predicates.ts';
import { type Route } from '../route.ts';
import { type RouteTable } from '../route-table.ts';

const titles = ['#', 'HOST', 'PATH', 'METHODS', 'UPSTREAM', 'AUTH', 'LIMITS', 'POLICIES', 'ROUTE'];

/** The routes of a gateway as a table for people, in the order they are asked. */
export function routeListing(table: RouteTable): string {
  if (table.entries.length === 0) return 'no routes are declared\n';
  const rows = table.entries.map(({ rule, value }, index) => row(index + 1, rule, value));
  const widths = titles.map((title, column) =>
    Math.max(title.length, ...rows.map((cells) => (cells[column] ?? '').length)),
  );
  return [titles, ...rows]
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .concat('')
    .join('\n');
}

function row(position: number, rule: MatchRule, route: Route): string[] {
  const { declaration, policy } = route;
  return [
    String(position),
    rule.host,
    rule.pattern.text || '/',
    declaration.methods?.join(',') ?? '*',
    upstreamCell(declaration),
    [declaration.auth, ...policy.access.scopes, ...policy.access.roles.map((role) => `role:${role}`)].join(
      ' ',
    ),
    limitsCell(declaration),
    policiesOf(rule, declaration).join(' ') || '-',
    route.id,
  ];
}

function upstreamCell({ upstream, rewrite, stripPrefix }: RouteDeclaration): string {
  if (rewrite !== undefined) return `${upstream} -> ${rewrite}`;
  return stripPrefix === true ? `${upstream} -> without prefix` : upstream;
}

function limitsCell({ limits }: RouteDeclaration): string {
  if (limits === undefined) return 'tier';
  if (limits === 'off') return 'off';
  return limits
    .map(({ per, rate, burst }) => `${per}:${rate}${burst === undefined ? '' : `+${burst}`}`)
    .join(' ');
}

function policiesOf(rule: MatchRule, declaration: RouteDeclaration): string[] {
  const { timeoutMs, retry, breaker, cache, cors, compression, bodyLimitBytes, request, response } =
    declaration;
  return [
    ...conditionCells('header', rule.headers),
    ...conditionCells('query', rule.query),
    timeoutMs !== undefined && `timeout:${timeoutMs}ms`,
    retry !== undefined && `retry:${retry === 'off' ? 'off' : retry.attempts}`,
    breaker !== undefined && `breaker:${breaker === 'off' ? 'off' : 'own'}`,
    cache && `cache:${cache.identity}${cache.ttlSeconds === undefined ? '' : `:${cache.ttlSeconds}s`}`,
    cors !== undefined && `cors:${cors === 'off' ? 'off' : cors.origins.length}`,
    compression !== undefined && `compression:${compression}`,
    bodyLimitBytes !== undefined && `body:${bodyLimitBytes}`,
    request && 'request-rules',
    response && 'response-rules',
  ].filter((cell) => typeof cell === 'string');
}

function conditionCells(kind: string, conditions: Conditions): string[] {
  return [...conditions].map(([name, condition]) =>
    condition === true ? `${kind}:${name}` : `${kind}:${name}=${condition.join('|')}`,
  );
}
