import { describe, expect, it } from '@jest/globals';
import { longestPlanMs } from '@facet/resilience';
import { type UpstreamDefinition } from './upstream-definition.ts';
import { upstreamSettings } from './upstream-settings.ts';

const base = { name: 'orders', url: 'http://127.0.0.1:4002' };
const settingsOf = (more: Partial<UpstreamDefinition> = {}) => upstreamSettings([{ ...base, ...more }])[0]!;
const faultsOf = (more: Partial<UpstreamDefinition>): string => {
  try {
    settingsOf(more);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('upstreamSettings', () => {
  it('fills in defaults that fit together', () => {
    const settings = settingsOf();
    expect(settings).toMatchObject({
      origin: 'http://127.0.0.1:4002',
      basePath: '',
      retry: { attempts: 3, statuses: [502, 503, 504] },
      breaker: { volumeThreshold: 10, errorThresholdPercentage: 50, resetTimeoutMs: 2_000 },
      hedge: undefined,
      coalesce: false,
      forwardCredentials: [],
    });
    expect(longestPlanMs(settings.retry!, settings.timeouts.attemptMs)).toBeLessThanOrEqual(
      settings.timeouts.totalMs,
    );
  });

  it.each([
    [{ attemptMs: 2_000 }, 3],
    [{ attemptMs: 3_000 }, 2],
    [{ totalMs: 500 }, 3],
    [{ attemptMs: 2_500, totalMs: 6_000 }, 2],
  ])('makes as many attempts as fit into %j', (timeouts, attempts) => {
    expect(settingsOf({ timeouts }).retry?.attempts).toBe(attempts);
  });

  it.each([['off' as const], [{ attempts: 1 }]])('leaves retrying out when it is %j', (retry) => {
    expect(settingsOf({ retry }).retry).toBeUndefined();
  });

  it.each<[string, Partial<UpstreamDefinition>]>([
    ['url must be an http or https URL', { url: 'orders:4002' }],
    ['url must carry no query or fragment', { url: 'http://a/?b' }],
    ['retry.attempts must be a whole number', { retry: { attempts: 2.5 }, timeouts: { attemptMs: 10 } }],
    ['timeouts.totalMs must be a number above 0', { timeouts: { totalMs: -1 } }],
    ['breaker.windowMs must be a number above 0', { breaker: { windowMs: 0 } }],
    ['bulkhead.maxQueue must be a whole number, 0 or more', { bulkhead: { maxQueue: -1 } }],
    ['hedge.afterQuantile must be at least 0.5', { hedge: { afterQuantile: 1 } }],
    ['maxResponseBytes must be a whole number above 0', { maxResponseBytes: 0 }],
    ['lower retry.attempts or timeouts.attemptMs', { timeouts: { attemptMs: 8_000 } }],
  ])('says: %s', (line, more) => {
    expect(faultsOf(more)).toContain(`upstream orders: ${line.startsWith('lower') ? '2 attempt' : line}`);
    expect(faultsOf(more)).toContain(line);
  });
});
