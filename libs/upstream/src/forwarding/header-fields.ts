/** One field as it stands on the wire. */
export type HeaderField = readonly [name: string, value: string];

/**
 * Fields that concern one connection only (RFC 9110, 7.6.1), and `Trailer`, because trailers are not passed on.
 * `Proxy-Authorization` and `Proxy-Authenticate` are between a client and this hop.
 */
export const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

export function isHopByHop(lowerName: string): boolean {
  return hopByHop.has(lowerName);
}

/** What `Connection` names, lower case; undefined when there is nothing to look at. */
export function connectionNames(fields: readonly HeaderField[]): ReadonlySet<string> | undefined {
  let names: Set<string> | undefined;
  for (const [name, value] of fields) {
    if (name.length !== 10 || name.toLowerCase() !== 'connection') continue;
    // What nearly all of them say, and is hop-by-hop without being named.
    if (value === 'keep-alive') continue;
    for (const token of value.split(',')) (names ??= new Set()).add(token.trim().toLowerCase());
  }
  return names;
}
