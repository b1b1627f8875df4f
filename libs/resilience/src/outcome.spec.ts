import { describe, expect, it } from '@jest/globals';
import { GatewayError, type Reason } from '@facet/errors';
import { StandardFailureJudge } from './outcome.ts';

const judge = new StandardFailureJudge();

describe('StandardFailureJudge', () => {
  it.each([
    ['success', [200, 204, 302, 304]],
    ['ignored', [400, 401, 404, 408, 409, 422, 429, 499, 501, 505]],
    ['failure', [500, 502, 503, 504]],
  ])('%s: %j', (outcome, statuses) => {
    for (const status of statuses) expect(judge.ofStatus(status)).toBe(outcome);
  });

  it.each<[string, Reason[]]>([
    ['failure', ['connection_refused', 'connection_timeout', 'upstream_timeout', 'upstream_protocol_error']],
    [
      'ignored',
      [
        'client_closed_request',
        'upstream_busy',
        'upstream_unavailable',
        'draining',
        'upstream_body_too_large',
      ],
    ],
  ])('%s: %j', (outcome, reasons) => {
    for (const reason of reasons) expect(judge.ofError(new GatewayError(reason))).toBe(outcome);
  });

  it('blames no upstream for our own mistakes', () => {
    expect(judge.ofError(new TypeError('x'))).toBe('ignored');
  });
});
