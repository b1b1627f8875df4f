import { randomHex, type TraceContext } from '@facet/context';

// version 00 has exactly these fields; a later version may add more after another dash (W3C Trace Context, 3.2.2 and 4).
const pattern = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const maxTracestateLength = 512;

/**
 * Continues the caller's trace with a new span, or starts a trace. An invalid `traceparent` means a new trace and no
 * `tracestate`; a `tracestate` over 512 characters is left out (W3C Trace Context, section 3.3).
 */
export function traceContext(traceparent: string | undefined, tracestate: string | undefined): TraceContext {
  const match = traceparent === undefined ? null : pattern.exec(traceparent);
  if (match === null || (match[1] === '00' && match[5] !== undefined)) {
    return { traceId: randomHex(16), spanId: randomHex(8), sampled: false };
  }
  return {
    traceId: match[2] ?? '',
    spanId: randomHex(8),
    parentSpanId: match[3] ?? '',
    sampled: (Number.parseInt(match[4] ?? '0', 16) & 1) === 1,
    ...(tracestate !== undefined && tracestate.length <= maxTracestateLength ? { tracestate } : {}),
  };
}
