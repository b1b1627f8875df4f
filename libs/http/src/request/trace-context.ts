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
    return new Trace(randomHex(16), false);
  }
  const isSampled = (Number.parseInt(match[4] ?? '0', 16) & 1) === 1;
  const passedOn =
    tracestate !== undefined && tracestate.length <= maxTracestateLength ? tracestate : undefined;
  return new Trace(match[2] ?? '', isSampled, match[3], passedOn);
}

/** Its own span gets its id when somebody asks: randomness costs. */
class Trace implements TraceContext {
  readonly traceId: string;
  readonly sampled: boolean;
  readonly parentSpanId: string | undefined;
  readonly tracestate: string | undefined;
  #spanId: string | undefined;

  constructor(traceId: string, sampled: boolean, parentSpanId?: string, tracestate?: string) {
    this.traceId = traceId;
    this.sampled = sampled;
    this.parentSpanId = parentSpanId;
    this.tracestate = tracestate;
  }

  get spanId(): string {
    return (this.#spanId ??= randomHex(8));
  }
}
