import { type Clock, type Principal, type RequestContext } from '@facet/context';
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

interface Kind {
  readonly httpVersion: string;
  readonly text: string;
}

/** Routes times methods and statuses; with more than that it starts anew. */
const mostKinds = 5_000;

/**
 * One JSON line per request, put together by hand: of the request itself only the method and the ids get in. What lines
 * have in common is kept: the time of a millisecond, what route and status say, who a principal is.
 */
export class AccessLog {
  readonly #sink: LineSink;
  readonly #clock: Clock;
  readonly #gateway: string;
  /** By route, status and method, the last one of each version. */
  readonly #kinds = new Map<string, Map<number, Map<string, Kind>>>();
  readonly #principals = new WeakMap<Principal, string>();
  #kindCount = 0;
  #time = '';
  #timeMs = -1;

  constructor(sink: LineSink, clock: Clock, gateway: string) {
    this.#sink = sink;
    this.#clock = clock;
    this.#gateway = JSON.stringify(gateway);
  }

  write(request: AnsweredRequest): void {
    const { context, status, durationMs } = request;
    const { decisions } = context;
    let line =
      `{"time":"${this.#now()}","level":"${status >= 500 ? 'error' : 'info'}","msg":"request"` +
      // Ids are of our own charset; the trace id is hex.
      `,"requestId":"${context.requestId}","traceId":"${context.trace.traceId}"${this.#kind(request)}` +
      `,"durationMs":${rounded(durationMs)},"upstreamMs":${rounded(decisions.upstreamMs)}` +
      `${this.#principal(context.principal)},"attempts":${decisions.attempts}`;
    if (decisions.reason !== undefined) line += `,"reason":"${decisions.reason}"`;
    if (decisions.legacyVersion !== undefined) line += `,"legacyVersion":"${decisions.legacyVersion}"`;
    if (decisions.limit !== undefined) line += `,"limit":${jsonText(decisions.limit, maxFieldLength)}`;
    if (decisions.cache !== undefined) line += `,"cache":${jsonText(decisions.cache, maxFieldLength)}`;
    if (decisions.fallback !== undefined)
      line += `,"fallback":${jsonText(decisions.fallback, maxFieldLength)}`;
    if (decisions.gaps !== undefined) line += `,"gaps":${decisions.gaps.length}`;
    this.#sink.write(`${line}}`);
  }

  #now(): string {
    const nowMs = this.#clock.now();
    if (nowMs !== this.#timeMs) {
      this.#timeMs = nowMs;
      this.#time = isoTime(nowMs);
    }
    return this.#time;
  }

  #kind({ method, httpVersion, route, status }: AnsweredRequest): string {
    let statuses = this.#kinds.get(route);
    if (statuses === undefined) this.#kinds.set(route, (statuses = new Map()));
    let methods = statuses.get(status);
    if (methods === undefined) statuses.set(status, (methods = new Map()));
    const known = methods.get(method);
    if (known?.httpVersion === httpVersion) return known.text;
    const text =
      `,"gateway":${this.#gateway},"route":${jsonText(route, maxFieldLength)}` +
      `,"method":"${method}","httpVersion":"${httpVersion}","status":${status}`;
    methods.set(method, { httpVersion, text });
    // Upstreams of routes can make up statuses; routes come and go with reloads.
    if (known === undefined && ++this.#kindCount > mostKinds) {
      this.#kinds.clear();
      this.#kindCount = 0;
    }
    return text;
  }

  #principal(principal: Principal): string {
    let text = this.#principals.get(principal);
    if (text === undefined) {
      const { kind, subject, tier } = principal;
      text = `,"principal":{"kind":"${kind}","subject":${jsonText(subject, maxFieldLength)}},"tier":"${tier}"`;
      this.#principals.set(principal, text);
    }
    return text;
  }
}

/** In hundredths; put together of whole numbers, whose text V8 has at hand. */
function rounded(ms: number): string {
  const hundredths = Math.round(ms * 100);
  const rest = hundredths % 100;
  const whole = (hundredths - rest) / 100;
  return rest === 0 ? `${whole}` : `${whole}.${rest < 10 ? '0' : ''}${rest}`;
}
