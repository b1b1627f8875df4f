import { type Principal } from '@facet/context';

/** Names, lower case, that only the gateway may set; `_` counts as `-`, because many servers fold the two. */
export const identityNames: ReadonlySet<string> = new Set(['x-user-id', 'x-user-tier', 'x-user-scopes']);

/** Whether a field, in any spelling, claims an identity. */
export function isIdentityHeader(name: string): boolean {
  return identityNames.has(name.toLowerCase().replaceAll('_', '-'));
}

/** Appends who calls, as verified by the gateway; nothing for an anonymous caller. */
export function identityHeaders(principal: Principal, into: string[]): void {
  if (principal.kind === 'anonymous') return;
  into.push('x-user-id', visible(principal.subject), 'x-user-tier', principal.tier);
  into.push('x-user-scopes', visible(principal.scopes.join(' ')));
}

/** Percent-encodes what a header value can't carry: a subject may be any string. */
function visible(value: string): string {
  return /^[\x20-\x24\x26-\x7e]*$/.test(value) ? value : encodeURIComponent(value.toWellFormed());
}
