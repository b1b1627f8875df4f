import { GatewayError, type Reason, type UserMessageKey } from '@facet/errors';

const DEFAULT_RETRY_AFTER_MS = 5_000;

/** The upstream never saw the request, or said that it did nothing. */
const refusals: ReadonlySet<Reason> = new Set([
  'connection_refused',
  'connection_timeout',
  'upstream_unavailable',
  'upstream_busy',
  'upstream_dns_error',
  'upstream_dns_timeout',
  'upstream_tls_error',
]);
/** The request may have been carried out all the same. */
const timeouts: ReadonlySet<Reason> = new Set(['upstream_timeout', 'deadline_exceeded']);

export interface OutageOptions {
  readonly userMessage: UserMessageKey;
  /**
   * How sure we must be that nothing was done before we say "try again". `refused`: quite sure (a payment).
   * `failed`: any 502 or 503 (an order). `timedOut`: not at all, repeating does no harm (a login, an idempotency key).
   */
  readonly covers: 'refused' | 'failed' | 'timedOut';
}

/**
 * What to throw when the upstream call behind a button failed: an outage becomes 503 with `Retry-After` and a sentence
 * for the user; any other error stays itself.
 */
export function outage(error: unknown, { userMessage, covers }: OutageOptions): unknown {
  if (!(error instanceof GatewayError) || !isCovered(error, covers)) return error;
  return new GatewayError('upstream_unavailable', {
    ...error.options,
    retryAfterMs: error.options.retryAfterMs ?? DEFAULT_RETRY_AFTER_MS,
    ...(error.proxyStatus === undefined ? {} : { proxyStatus: error.proxyStatus }),
    userMessage,
    cause: error,
  });
}

function isCovered(error: GatewayError, covers: OutageOptions['covers']): boolean {
  if (refusals.has(error.reason)) return true;
  if (timeouts.has(error.reason)) return covers === 'timedOut';
  return covers !== 'refused' && (error.status === 502 || error.status === 503);
}
