import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from '@facet/context';
import { type GatewayError } from '@facet/errors';
import { Breaker, type BreakerSettings } from './breaker.ts';

const settings: BreakerSettings = {
  volumeThreshold: 10,
  errorThresholdPercentage: 50,
  slowCallThresholdPercentage: 80,
  windowMs: 10_000,
  resetTimeoutMs: 2_000,
};

let breaker: Breaker;

beforeEach(() => {
  jest.useFakeTimers();
  breaker = new Breaker(systemClock, 'orders', { ...settings, slowCallMs: 1_000 });
});

afterEach(() => {
  breaker.shutdown();
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

function calls(outcomes: string, tookMs = 5): void {
  for (const outcome of outcomes) {
    breaker.settle(
      breaker.admit(),
      outcome === 's' ? 'success' : outcome === 'f' ? 'failure' : 'ignored',
      tookMs,
    );
  }
}

function refusal(): GatewayError | undefined {
  try {
    breaker.admit();
    return undefined;
  } catch (error) {
    return error as GatewayError;
  }
}

describe('Breaker', () => {
  it('does not judge before the volume threshold', () => {
    calls('fffffffff');
    expect(breaker.state).toBe('closed');
    calls('f');
    expect(breaker.state).toBe('open');
  });

  it('opens at the threshold of the window and not below', () => {
    calls('ssssssffff');
    expect(breaker.state).toBe('closed');
    calls('ff');
    expect(breaker.state).toBe('open');
  });

  it('forgets what has left the window', () => {
    calls('fffffffff');
    jest.advanceTimersByTime(11_000);
    calls('fsssssssss');
    expect(breaker.state).toBe('closed');
  });

  it('takes no notice of ignored outcomes, however many', () => {
    calls('i'.repeat(1_000));
    calls('fffff');
    expect(breaker.counts()).toEqual({ calls: 5, failures: 5, slow: 0 });
    expect(breaker.state).toBe('closed');
  });

  it('refuses with the time to the next probe', () => {
    calls('ffffffffff');
    jest.advanceTimersByTime(500);
    expect(refusal()).toMatchObject({
      reason: 'upstream_unavailable',
      proxyStatus: 'destination_unavailable',
      options: { upstream: 'orders', retryAfterMs: 1_500 },
    });
  });

  it('lets exactly one probe through and closes on its success', () => {
    calls('ffffffffff');
    jest.advanceTimersByTime(2_000);
    expect(breaker.state).toBe('half-open');
    const probe = breaker.admit();
    expect(refusal()?.options.retryAfterMs).toBe(1_000);
    breaker.settle(probe, 'success', 5);
    expect(breaker.state).toBe('closed');
  });

  it('opens again on a failed probe', () => {
    calls('ffffffffff');
    jest.advanceTimersByTime(2_000);
    calls('f');
    expect(breaker.state).toBe('open');
    jest.advanceTimersByTime(1_999);
    expect(breaker.state).toBe('open');
    jest.advanceTimersByTime(1);
    expect(breaker.state).toBe('half-open');
  });

  it('gives an ignored probe to the next caller, where opossum alone would close', () => {
    calls('ffffffffff');
    jest.advanceTimersByTime(2_000);
    calls('i');
    expect(breaker.state).toBe('half-open');
    expect(refusal()).toBeUndefined();
  });

  it('starts afresh after a recovery: old failures do not open it again', () => {
    calls('ffffffffff');
    jest.advanceTimersByTime(2_000);
    calls('s');
    calls('f');
    expect(breaker.state).toBe('closed');
  });

  it('drops outcomes from before a change of state', () => {
    const early = [breaker.admit(), breaker.admit()] as const;
    calls('ffffffffff');
    jest.advanceTimersByTime(2_000);
    breaker.settle(early[0], 'success', 5_000);
    expect(breaker.state).toBe('half-open');
    calls('s');
    breaker.settle(early[1], 'failure', 5_000);
    expect(breaker.counts()).toEqual({ calls: 0, failures: 0, slow: 0 });
  });

  it('opens when calls succeed too slowly', () => {
    calls('sssssss', 1_000);
    calls('sss', 999);
    calls('ssss', 1_000);
    expect(breaker.state).toBe('closed');
    calls('s', 1_000);
    expect(breaker.state).toBe('open');
  });

  it('stays as an operator holds it, and goes on alone when told', () => {
    breaker.hold('open');
    jest.advanceTimersByTime(60_000);
    expect([breaker.state, refusal()?.reason]).toEqual(['open', 'upstream_unavailable']);
    breaker.hold('closed');
    calls('f'.repeat(50));
    expect(breaker.state).toBe('closed');
    breaker.hold('auto');
    calls('ffffffffff');
    expect(breaker.state).toBe('open');
  });

  it("speaks through opossum's events and statistics", () => {
    const seen: string[] = [];
    for (const event of ['open', 'halfOpen', 'close', 'reject'] as const) {
      breaker.opossum.on(event as 'open', () => seen.push(event));
    }
    calls('ffffffffff');
    refusal();
    expect(breaker.opossum.stats).toMatchObject({ fires: 10, failures: 10, rejects: 1 });
    jest.advanceTimersByTime(2_000);
    calls('s');
    expect(seen).toEqual(['open', 'reject', 'halfOpen', 'close']);
  });

  it("follows who opens or closes opossum's circuit directly", () => {
    breaker.opossum.open();
    expect([breaker.state, refusal()?.reason]).toEqual(['open', 'upstream_unavailable']);
    breaker.opossum.close();
    expect(refusal()).toBeUndefined();
  });
});
