/** W3C Trace Context of one request. */
export interface TraceContext {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** This hop's own span, 16 lower-case hex digits. */
  readonly spanId: string;
  readonly parentSpanId?: string | undefined;
  readonly sampled: boolean;
  /** Passed on whole when it came with a valid `traceparent`; at most 512 characters. */
  readonly tracestate?: string | undefined;
}

/** The `traceparent` to send upstream: our span is the parent there. */
export function traceparent(trace: TraceContext, spanId: string = trace.spanId): string {
  return `00-${trace.traceId}-${spanId}-${trace.sampled ? '01' : '00'}`;
}
