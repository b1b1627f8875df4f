import { type RequestContext } from '@facet/context';
import { identityHeaders } from './forwarding/identity.ts';
import { type UpstreamCall } from './upstream-call.ts';

/** The fields of a typed client's call: fixed ones, the request's id and trace, the verified identity, its own. */
export function requestHeaders(
  context: RequestContext,
  call: UpstreamCall,
  gateway: string,
  idempotencyKey?: string,
): string[] {
  const headers = [
    'accept',
    'application/json',
    // Nothing to inflate: an answer's size is the size that was sent.
    'accept-encoding',
    'identity',
    'user-agent',
    `facet-${gateway}`,
    'via',
    `1.1 ${gateway}`,
    'x-request-id',
    context.requestId,
  ];
  if (context.trace.tracestate !== undefined) headers.push('tracestate', context.trace.tracestate);
  if (call.body !== undefined) headers.push('content-type', 'application/json');
  if (idempotencyKey !== undefined) headers.push('idempotency-key', idempotencyKey);
  for (const name in call.headers) headers.push(name, call.headers[name] as string);
  identityHeaders(context.principal, headers);
  return headers;
}
