/** A field name (RFC 9110, 5.6.2). */
export function isToken(name: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name);
}

/** Fields of one connection or of the frame (RFC 9110, 7.6.1): each hop makes its own. */
const hopByHop = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Made from the verified principal and the connection, and nowhere else. */
const requestOnly = new Set([
  'expect',
  'forwarded',
  'host',
  'traceparent',
  'tracestate',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'x-request-deadline',
  'x-request-id',
  'x-user-id',
  'x-user-scopes',
  'x-user-tier',
]);
const responseOnly = new Set(['via', 'x-request-id']);

/** Why no rule may name a field in this direction, in words; `_` counts as `-`, as it does for many upstreams. */
export function reservedHeaderFault(direction: 'request' | 'response', name: string): string | undefined {
  const lower = name.toLowerCase();
  const key = lower.includes('_') ? lower.replaceAll('_', '-') : lower;
  if (hopByHop.has(key)) return 'belongs to one connection and is made anew for each';
  if ((direction === 'request' ? requestOnly : responseOnly).has(key)) return 'is made by the gateway alone';
  return undefined;
}
