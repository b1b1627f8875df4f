import { type Clock, type RequestContext } from '@facet/context';
import { isoTime } from '../log/iso-time.ts';
import { type LineSink } from '../log/line-sink.ts';
import { jsonText } from '../log/safe-text.ts';

const maxFieldLength = 128;

export interface AnsweredRequest {
  readonly context: RequestContext;
  /** Bounded: one of the known methods or `OTHER`. */
  readonly method: string;
  /** `1.1`, `2.0` */
  readonly httpVersion: string;
  /** Template or `unmatched`. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
}

/** One JSON line per request, put together by hand: of the request itself only the method and the ids get in. */
export class AccessLog {
  readonly #sink: LineSink;
  readonly #clock: Clock;
  readonly #gateway: string;

  constructor(sink: LineSink, clock: Clock, gateway: string) {
    this.#sink = sink;
    this.#clock = clock;
    this.#gateway = JSON.stringify(gateway);
  }

  write({ context, method, httpVersion, route, status, durationMs }: AnsweredRequest): void {
    const { principal, decisions } = context;
    let line =
      `{"time":"${isoTime(this.#clock.now())}","level":"${status >= 500 ? 'error' : 'info'}","msg":"request"` +
      // Ids are of our own charset; the trace id is hex.
      `,"requestId":"${context.requestId}","traceId":"${context.trace.traceId}","gateway":${this.#gateway}` +
      `,"route":${jsonText(route, maxFieldLength)},"method":"${method}","httpVersion":"${httpVersion}","status":${status}` +
      `,"durationMs":${rounded(durationMs)},"upstreamMs":${rounded(decisions.upstreamMs)}` +
      `,"principal":{"kind":"${principal.kind}","subject":${jsonText(principal.subject, maxFieldLength)}}` +
      `,"tier":"${principal.tier}","attempts":${decisions.attempts}`;
    if (decisions.reason !== undefined) line += `,"reason":"${decisions.reason}"`;
    if (decisions.legacyVersion !== undefined) line += `,"legacyVersion":"${decisions.legacyVersion}"`;
    if (decisions.limit !== undefined) line += `,"limit":${jsonText(decisions.limit, maxFieldLength)}`;
    if (decisions.cache !== undefined) line += `,"cache":${jsonText(decisions.cache, maxFieldLength)}`;
    if (decisions.fallback !== undefined)
      line += `,"fallback":${jsonText(decisions.fallback, maxFieldLength)}`;
    if (decisions.gaps !== undefined) line += `,"gaps":${decisions.gaps.length}`;
    this.#sink.write(`${line}}`);
  }
}

/** In hundredths; put together of whole numbers, whose text V8 has at hand. */
function rounded(ms: number): string {
  const hundredths = Math.round(ms * 100);
  const rest = hundredths % 100;
  const whole = (hundredths - rest) / 100;
  return rest === 0 ? `${whole}` : `${whole}.${rest < 10 ? '0' : ''}${rest}`;
}
