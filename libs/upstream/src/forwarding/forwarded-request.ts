import { type RequestContext } from '@facet/context';
import { type ForwardedCredential } from '../upstream-definition.ts';
import { connectionNames, type HeaderField, hopByHop, isHopByHop } from './header-fields.ts';
import { identityHeaders, identityNames, isIdentityHeader } from './identity.ts';

/** What only a gateway may say; a client's copies never arrive. Trace and request id are ours on this hop. */
const gatewayOnly = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-real-ip',
  'x-request-id',
  'x-request-deadline',
  'traceparent',
  'tracestate',
  // The transport writes the upstream's own.
  'host',
  // Answered by the server in front of us.
  'expect',
  // The method is what the request line says: an upstream that believes these would be asked past our guards.
  'x-http-method-override',
  'x-http-method',
  'x-method-override',
];

/** What is done with a field; those that are not here pass. */
const treatments: ReadonlyMap<string, 'drop' | 'credential' | 'length'> = new Map([
  ...[...hopByHop, ...identityNames, ...gatewayOnly].map((name) => [name, 'drop'] as const),
  ...(['authorization', 'cookie', 'x-api-key'] as const).map((name) => [name, 'credential'] as const),
  ['content-length', 'length'] as const,
]);

export interface ForwardedRequest {
  /** The client's fields as they came. */
  readonly fields: readonly HeaderField[];
  /** Fields the gateway sets itself; they replace the client's of the same name and may be credentials. */
  readonly ownFields?: readonly HeaderField[] | undefined;
  /** The client's length holds: its body is passed on as it comes. Else the length is counted anew. */
  readonly keepLength?: boolean;
  /** How the client reached us; default `http`. */
  readonly scheme?: 'http' | 'https' | undefined;
}

/**
 * The header section for the upstream, flat: the client's end-to-end fields in their order, without what `Connection`
 * names, without identity and credentials; only then our own, so that nothing the client sends can strip or spoof
 * them (CVE-2026-33805). Trace and deadline are added per attempt.
 */
export function forwardedRequest(
  request: ForwardedRequest,
  context: RequestContext,
  gateway: string,
  forwardCredentials: readonly ForwardedCredential[],
): string[] {
  const { fields, ownFields = [], keepLength = false, scheme = 'http' } = request;
  const named = connectionNames(fields);
  const replaced =
    ownFields.length === 0 ? undefined : new Set(ownFields.map(([name]) => name.toLowerCase()));
  const flat: string[] = [];
  let host = '';
  for (const [name, value] of fields) {
    const lower = name.toLowerCase();
    if (lower === 'host') host = value;
    const treatment = treatments.get(lower);
    if (treatment !== undefined) {
      if (treatment === 'drop' || (treatment === 'length' && !keepLength)) continue;
      if (treatment === 'credential' && !forwardCredentials.includes(lower as ForwardedCredential)) continue;
    }
    if (named?.has(lower) || replaced?.has(lower) || isDisguised(lower)) continue;
    flat.push(name, value);
  }
  for (const [name, value] of ownFields) {
    const lower = name.toLowerCase();
    if (!isHopByHop(lower) && !isIdentityHeader(lower) && lower !== 'content-length') flat.push(name, value);
  }
  addOwn(flat, context, gateway, host, scheme);
  return flat;
}

/** An identity spelled with `_`, which many servers fold into `-`. */
function isDisguised(lower: string): boolean {
  return lower.includes('_') && isIdentityHeader(lower);
}

function addOwn(
  flat: string[],
  context: RequestContext,
  gateway: string,
  host: string,
  scheme: string,
): void {
  const { clientAddress, requestId, trace, principal, httpVersion = '1.1' } = context;
  const node = clientAddress.includes(':') ? `"[${clientAddress}]"` : clientAddress;
  flat.push('via', `${httpVersion} ${gateway}`, 'x-request-id', requestId);
  flat.push(
    'forwarded',
    `for=${node};proto=${scheme}${host === '' ? '' : `;host="${host.replace(/["\\]/g, '')}"`}`,
  );
  flat.push('x-forwarded-for', clientAddress, 'x-forwarded-proto', scheme);
  if (host !== '') flat.push('x-forwarded-host', host);
  if (trace.tracestate !== undefined) flat.push('tracestate', trace.tracestate);
  identityHeaders(principal, flat);
}
