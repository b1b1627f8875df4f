import { type GatewayError } from '@facet/errors';

/** Where an upstream reason has no error type of its own (RFC 9209, section 2.3). */
const proxyErrorOfStatus: Readonly<Record<number, string>> = {
  502: 'http_request_error',
  503: 'proxy_internal_response',
  504: 'http_response_timeout',
};

/**
 * `Proxy-Status` of a 502, 503 or 504 (RFC 9209): which gateway, which error, which upstream.
 * @param gateway a token, the gateway's name
 */
export function proxyStatusOf(error: GatewayError, gateway: string): string | undefined {
  const type = proxyErrorOfStatus[error.status];
  if (type === undefined) return undefined;
  const { upstream } = error.options;
  return `${gateway}; error=${error.proxyStatus ?? type}${upstream === undefined ? '' : `; next-hop=${upstream}`}`;
}

/** 429 and 503 always say when to come back: one second when nobody knows better. */
export function retryAfterMsOf(error: GatewayError): number | undefined {
  const { retryAfterMs } = error.options;
  return retryAfterMs ?? (error.status === 429 || error.status === 503 ? 1000 : undefined);
}
