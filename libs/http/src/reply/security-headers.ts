import { type FastifyReply } from 'fastify';

/** What every answer of an API carries: nothing may be framed, sniffed, embedded or learnt from the referrer. */
const fields = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const;
const names = Object.keys(fields) as (keyof typeof fields)[];

/** One year; sent behind TLS only (RFC 6797, section 7.2). */
const strictTransportSecurity = 'max-age=31536000; includeSubDomains';

/** Sets our own security fields. */
export function setSecurityHeaders(reply: FastifyReply, isSecure: boolean): void {
  reply.header('x-content-type-options', fields['x-content-type-options']);
  reply.header('content-security-policy', fields['content-security-policy']);
  reply.header('referrer-policy', fields['referrer-policy']);
  reply.header('cross-origin-resource-policy', fields['cross-origin-resource-policy']);
  if (isSecure) reply.header('strict-transport-security', strictTransportSecurity);
}

/**
 * The same for an answer that somebody else made: what it says itself stays. HTML without a policy of its own stays
 * without: `default-src 'none'` would break the page.
 */
export function addSecurityHeaders(reply: FastifyReply, isSecure: boolean): void {
  const isHtml = String(reply.getHeader('content-type') ?? '').startsWith('text/html');
  for (const name of names) {
    if (isHtml && name !== 'x-content-type-options') continue;
    if (!reply.hasHeader(name)) reply.header(name, fields[name]);
  }
  if (isSecure && !reply.hasHeader('strict-transport-security')) {
    reply.header('strict-transport-security', strictTransportSecurity);
  }
}
