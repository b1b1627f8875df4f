/** `api.shop.example`, `*.shop.example`, or `*` for every host; lower case. */
export type HostPattern = string;

export const anyHost: HostPattern = '*';

/** `*.shop.example` takes `a.shop.example` and `a.b.shop.example`, not `shop.example`. */
export function hostMatches(pattern: HostPattern, host: string): boolean {
  if (pattern === anyHost) return true;
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : pattern === host;
}

/** Whether every host of `narrow` is one of `wide`. */
export function hostCovers(wide: HostPattern, narrow: HostPattern): boolean {
  return wide === narrow || hostMatches(wide, narrow);
}

/** An exact name before a wildcard, a longer wildcard before a shorter, any host last: higher is more specific. */
export function hostRank(pattern: HostPattern): number {
  if (pattern === anyHost) return 0;
  return pattern.startsWith('*.') ? pattern.length : 1_000;
}

/** The name in a `Host` field: lower case, without port; IPv6 in brackets. */
export function hostName(field: string | undefined): string {
  if (field === undefined) return '';
  const port = field.lastIndexOf(':');
  return (port > field.lastIndexOf(']') ? field.slice(0, port) : field).toLowerCase();
}
