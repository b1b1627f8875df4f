import { type FastifyReply } from 'fastify';
import { GatewayResponse, type StandingFields } from '../server/gateway-response.ts';

const nosniff = ['x-content-type-options', 'nosniff'] as const;

/** What every answer of an API carries: nothing may be framed, sniffed, embedded or learnt from the referrer. */
const always = [
  nosniff,
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-resource-policy', 'same-origin'],
] as const;

/** One year; sent behind TLS only (RFC 6797, section 7.2). */
const transportSecurity = ['strict-transport-security', 'max-age=31536000; includeSubDomains'] as const;

const api = { plain: standing(always), secure: standing([...always, transportSecurity]) };
/** HTML without a policy of its own stays without: `default-src 'none'` would break the page. */
const html = { plain: standing([nosniff]), secure: standing([nosniff, transportSecurity]) };

/** Sets our own security fields. */
export function setSecurityHeaders(reply: FastifyReply, isSecure: boolean): void {
  const fields = isSecure ? api.secure : api.plain;
  if (reply.raw instanceof GatewayResponse) reply.raw.stand(fields, 'always');
  else for (const { name, value } of fields) reply.header(name, value);
}

/** The same for an answer that somebody else made: what it says itself stays. */
export function addSecurityHeaders(reply: FastifyReply, isSecure: boolean): void {
  const isHtml = String(reply.getHeader('content-type') ?? '').startsWith('text/html');
  const { plain, secure } = isHtml ? html : api;
  const fields = isSecure ? secure : plain;
  if (reply.raw instanceof GatewayResponse) reply.raw.stand(fields, 'ifAbsent');
  else for (const { name, value } of fields) if (!reply.hasHeader(name)) reply.header(name, value);
}

function standing(fields: readonly (readonly [name: string, value: string])[]): StandingFields {
  return fields.map(([name, value]) => ({ name, value, line: `${name}: ${value}\r\n` }));
}
