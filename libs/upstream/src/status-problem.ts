import { GatewayError, type GatewayErrorOptions, type Reason } from '@facet/errors';
import { parseRetryAfterMs } from '@facet/resilience';
import { type JsonAnswer } from './json-answer.ts';

const reasonOfStatus: Readonly<Record<number, Reason>> = {
  400: 'unprocessable',
  401: 'forbidden',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  410: 'gone',
  412: 'precondition_failed',
  422: 'unprocessable',
  429: 'upstream_busy',
  503: 'upstream_unavailable',
};

/** When a busy upstream does not say when to come back. */
const defaultRetryAfterMs = 1_000;

/** What an upstream's refusal means to our client. Nothing the upstream wrote is passed on. */
export function statusProblem(answer: JsonAnswer, upstream: string, nowMs: number): GatewayError {
  const { status } = answer;
  const reason =
    reasonOfStatus[status] ?? (status >= 500 || status < 400 ? 'upstream_error' : 'unprocessable');
  const options: GatewayErrorOptions = { upstream, cause: `status ${status}` };
  if (reason !== 'upstream_busy' && reason !== 'upstream_unavailable')
    return new GatewayError(reason, options);
  const retryAfterMs = parseRetryAfterMs(answer.retryAfter, nowMs) ?? defaultRetryAfterMs;
  return new GatewayError(reason, { ...options, retryAfterMs });
}

/**
 * A refused connection is 503 to the caller of a typed client: the screen or the order can be tried again, and the
 * breaker is about to say the same.
 */
export function callProblem(error: unknown): unknown {
  if (!(error instanceof GatewayError) || error.reason !== 'connection_refused') return error;
  return new GatewayError('upstream_unavailable', {
    ...error.options,
    retryAfterMs: defaultRetryAfterMs,
    proxyStatus: 'connection_refused',
  });
}
