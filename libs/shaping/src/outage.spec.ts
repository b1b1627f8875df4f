import { GatewayError, type Reason, toProblem } from '@facet/errors';
import { describe, expect, it } from '@jest/globals';
import { outage, type OutageOptions } from './outage.ts';

const explained = (reason: Reason, covers: OutageOptions['covers'] = 'failed') =>
  outage(new GatewayError(reason, { upstream: 'orders' }), {
    userMessage: 'checkout_unavailable',
    covers,
  }) as GatewayError;

describe('outage', () => {
  it.each(['connection_refused', 'connection_timeout', 'upstream_unavailable', 'upstream_error'] as const)(
    'turns %s into 503 with a sentence for the user and Retry-After',
    (reason) => {
      const error = explained(reason);
      expect(toProblem(error, '1')).toMatchObject({
        status: 503,
        reason: 'upstream_unavailable',
        retryAfter: 5,
        userMessage: 'Checkout temporarily unavailable, try again',
      });
      expect(error.options.upstream).toBe('orders');
      expect(error.proxyStatus).toBe(new GatewayError(reason).proxyStatus);
    },
  );

  it('keeps the wait the upstream asked for', () => {
    const error = new GatewayError('upstream_busy', { retryAfterMs: 30_000 });
    const explanation = outage(error, { userMessage: 'try_again', covers: 'failed' });
    expect(explanation).toMatchObject({ options: { retryAfterMs: 30_000 } });
  });

  it.each([
    ['upstream_busy', ['refused', 'failed', 'timedOut']],
    ['connection_terminated', ['failed', 'timedOut']],
    ['upstream_timeout', ['timedOut']],
    ['deadline_exceeded', ['timedOut']],
  ] as const)('says "try again" after %s only where that does no harm: %j', (reason, covered) => {
    for (const covers of ['refused', 'failed', 'timedOut'] as const) {
      const isExplained = explained(reason, covers).options.userMessage !== undefined;
      expect([covers, isExplained]).toEqual([covers, (covered as readonly string[]).includes(covers)]);
    }
  });

  it.each([
    new GatewayError('not_found'),
    new GatewayError('unprocessable'),
    new GatewayError('client_closed_request'),
    new GatewayError('internal_error'),
    new TypeError('x'),
  ])('leaves %s alone', (error) => {
    expect(outage(error, { userMessage: 'try_again', covers: 'timedOut' })).toBe(error);
  });
});
