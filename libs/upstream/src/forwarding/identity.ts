import { type Principal } from '@facet/context';

/** Names, lower case, that only the gateway may set; `_` counts as `-`, because many servers fold the two. */
export const identityNames: ReadonlySet<string> = new Set(['x-user-id', 'x-user-tier', 'x-user-scopes']);

/** Whether a field, in any spelling, claims an identity. */
export function isIdentityHeader(name: string): boolean {
  return identityNames.has(name.toLowerCase().replaceAll('_', '-'));
}

/** Principals live as long as their tokens are known: their fields are put together once. */
const known = new WeakMap<Principal, readonly string[]>();

/** Appends who calls, as verified by the gateway; nothing for an anonymous caller. */
export function identityHeaders(principal: Principal, into: string[]): void {
  if (principal.kind === 'anonymous') return;
  let fields = known.get(principal);
  if (fields === undefined) known.set(principal, (fields = fieldsOf(principal)));
  for (const text of fields) into.push(text);
}

function fieldsOf({ subject, tier, scopes }: Principal): string[] {
  return ['x-user-id', visible(subject), 'x-user-tier', tier, 'x-user-scopes', visible(scopes.join(' '))];
}

/** Percent-encodes what a header value can't carry: a subject may be any string. */
function visible(value: string): string {
  return /^[\x20-\x24\x26-\x7e]*$/.test(value) ? value : encodeURIComponent(value.toWellFormed());
}
