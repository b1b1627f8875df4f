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
  stand(reply, isSecure ? api.secure : api.plain, 'always');
}

/** The same for an answer that somebody else made: what it says itself stays. */
export function addSecurityHeaders(reply: FastifyReply, isSecure: boolean): void {
  const isHtml = String(reply.getHeader('content-type') ?? '').startsWith('text/html');
  const { plain, secure } = isHtml ? html : api;
  stand(reply, isSecure ? secure : plain, 'ifAbsent');
}

/** HTTP/2 and injected requests have responses of another kind. */
function stand(reply: FastifyReply, fields: StandingFields, when: 'always' | 'ifAbsent'): void {
  if (reply.raw instanceof GatewayResponse) {
    reply.raw.stand(fields, when);
    return;
  }
  for (const { name, value } of fields) {
    if (when === 'always' || !reply.hasHeader(name)) reply.header(name, value);
  }
}

function standing(fields: readonly (readonly [name: string, value: string])[]): StandingFields {
  return fields.map(([name, value]) => ({ name, value, line: `${name}: ${value}\r\n` }));
}
