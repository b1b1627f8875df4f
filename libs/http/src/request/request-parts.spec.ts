import { describe, expect, it } from '@jest/globals';
import { firstLanguage } from './language.ts';
import { isRequestId, newRequestId } from './request-id.ts';
import { traceContext } from './trace-context.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const parent = 'b7ad6b7169203331';

describe('traceContext', () => {
  it('goes on with a valid parent in a span of its own', () => {
    const trace = traceContext(`00-${traceId}-${parent}-01`, 'a=1,b=2');
    expect(trace).toMatchObject({ traceId, parentSpanId: parent, sampled: true, tracestate: 'a=1,b=2' });
    expect(trace.spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(trace.spanId).not.toBe(parent);
    expect(traceContext(`00-${traceId}-${parent}-01`, undefined).spanId).not.toBe(trace.spanId);
  });

  it.each([
    ['nothing', undefined],
    ['upper case', `00-${traceId.toUpperCase()}-${parent}-01`],
    ['a zero trace', `00-${'0'.repeat(32)}-${parent}-01`],
    ['a zero parent', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['version ff', `ff-${traceId}-${parent}-01`],
    ['more than version 00 has', `00-${traceId}-${parent}-01-x`],
    ['two fields joined', `00-${traceId}-${parent}-01, 00-${traceId}-${parent}-01`],
    ['blanks', ` 00-${traceId}-${parent}-01`],
  ])('starts anew, without the state, on %s', (_name, traceparent) => {
    const trace = traceContext(traceparent, 'a=1');
    expect(trace.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(trace.traceId).not.toBe(traceId);
    expect(trace.tracestate).toBeUndefined();
    expect(trace.parentSpanId).toBeUndefined();
  });

  it('takes what it knows of a later version', () => {
    expect(traceContext(`01-${traceId}-${parent}-00-more`, undefined)).toMatchObject({
      traceId,
      sampled: false,
    });
  });

  it('keeps a state of 512 characters whole and leaves out a longer one', () => {
    const state = `a=${'x'.repeat(510)}`;
    expect(traceContext(`00-${traceId}-${parent}-01`, state).tracestate).toBe(state);
    expect(traceContext(`00-${traceId}-${parent}-01`, `${state}x`).tracestate).toBeUndefined();
  });
});

describe('request ids', () => {
  it('sort by time and never repeat', () => {
    const ids = [1, 2, 3].map((ms) => newRequestId(Date.UTC(2026, 0, 1) + ms));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(Array.from({ length: 2000 }, () => newRequestId(0))).size).toBe(2000);
  });

  it.each([
    ['0af76519-16cd.43_DD', true],
    ['a'.repeat(64), true],
    ['a'.repeat(65), false],
    ['', false],
    ['a b', false],
    ['a,b', false],
    ['a"b', false],
    ['\u00e9', false],
  ])('%j is taken over: %s', (id, expected) => {
    expect(isRequestId(id)).toBe(expected);
  });
});

describe('firstLanguage', () => {
  it.each([
    [undefined, 'en'],
    ['de-CH, en;q=0.9', 'de'],
    ['FR', 'fr'],
    ['*', 'en'],
    [';q=1', 'en'],
    ['x'.repeat(5000), 'x'.repeat(8)],
  ])('%j: %s', (header, expected) => {
    expect(firstLanguage(header)).toBe(expected);
  });
});
