import { describe, expect, it } from '@jest/globals';
import { checkFaults, FaultSwitch } from './faults.ts';
import { HttpFault } from './http-fault.ts';

const kinds = (faults: FaultSwitch, count: number): string[] =>
  Array.from({ length: count }, () => faults.next().kind);

describe('FaultSwitch', () => {
  it('does nothing until told', () => {
    expect(new FaultSwitch().next()).toEqual({ kind: 'none', latencyMs: 0, status: 200 });
  });

  it.each([
    [0.5, 10, 5],
    [0.1, 1_000, 100],
    [0.3, 1_000, 300],
    [1, 7, 7],
    [0, 7, 0],
  ])('spreads a rate of %p evenly: of %p requests %p fail', (errorRate, requests, failing) => {
    const faults = new FaultSwitch();
    faults.set({ errorRate });
    expect(kinds(faults, requests).filter((kind) => kind === 'status')).toHaveLength(failing);
  });

  it('fails every second request at one half', () => {
    const faults = new FaultSwitch();
    faults.set({ errorRate: 0.5, reset: true });
    expect(kinds(faults, 4)).toEqual(['none', 'reset', 'none', 'reset']);
  });

  it('fails all requests when only a kind is named, none when only a delay is', () => {
    const faults = new FaultSwitch();
    faults.set({ status: 500 });
    expect(faults.next()).toEqual({ kind: 'status', latencyMs: 0, status: 500 });
    faults.set({ latencyMs: 20 });
    expect(faults.next()).toEqual({ kind: 'none', latencyMs: 20, status: 200 });
  });

  it('answers 503 when no status is named', () => {
    const faults = new FaultSwitch();
    faults.set({ errorRate: 1 });
    expect(faults.next().status).toBe(503);
  });

  it('ends by itself after forMs', () => {
    let nowMs = 1_000;
    const faults = new FaultSwitch(() => nowMs);
    faults.set({ garbage: true, forMs: 50 });
    nowMs += 49;
    expect(faults.next().kind).toBe('garbage');
    nowMs += 1;
    expect(faults.next().kind).toBe('none');
    expect(faults.current()).toEqual({});
  });
});

describe('checkFaults', () => {
  it.each([
    { errorRate: 1.1 },
    { errorRate: -0.1 },
    { latencyMs: 1.5 },
    { status: 200 },
    { reset: 'yes' },
    { forMs: 0 },
    { slow: true },
    [],
    null,
  ])('refuses %j', (input) => {
    expect(() => checkFaults(input)).toThrow(HttpFault);
  });
});
