import { type Clock, type Principal, type RequestContext } from '@facet/context';
import { isoTime } from '../log/iso-time.ts';
import { LineBytes } from '../log/line-bytes.ts';
import { type LineSink } from '../log/line-sink.ts';
import { jsonText } from '../log/safe-text.ts';
import { type RequestKind } from './request-kinds.ts';

const maxFieldLength = 128;
const firstErrorStatus = 500;

const traceId = Buffer.from('","traceId":"');
const upstreamMs = Buffer.from(',"upstreamMs":');
const end = Buffer.from('}\n');

/**
 * One JSON line per request, put together by hand: of the request itself only the method and the ids get in. What lines
 * have in common is kept as bytes: the time of a millisecond, what route and status say, who a principal is.
 */
export class AccessLog {
  readonly #sink: LineSink;
  readonly #clock: Clock;
  readonly #gateway: string;
  readonly #principals = new WeakMap<Principal, Uint8Array>();
  /** By what the cache did: a closed set. */
  readonly #cacheResults = new Map<string, Uint8Array>();
  readonly #line = new LineBytes();
  #timeMs = -1;
  #info: Uint8Array = new Uint8Array();
  #error: Uint8Array = new Uint8Array();

  constructor(sink: LineSink, clock: Clock, gateway: string) {
    this.#sink = sink;
    this.#clock = clock;
    this.#gateway = JSON.stringify(gateway);
  }

  /** @param httpVersion `1.1`, `2.0` */
  write(kind: RequestKind, context: RequestContext, httpVersion: string, durationMs: number): void {
    const { decisions } = context;
    const line = this.#line;
    line.clear();
    line.bytes(this.#opening(kind.status));
    // Ids are of our own charset; the trace id is hex.
    line.ascii(context.requestId);
    line.bytes(traceId);
    line.ascii(context.trace.traceId);
    line.bytes(this.#common(kind, httpVersion));
    line.hundredths(durationMs);
    line.bytes(upstreamMs);
    line.hundredths(decisions.upstreamMs);
    line.bytes(this.#principal(context.principal));
    line.integer(decisions.attempts);
    if (decisions.reason !== undefined) line.text(`,"reason":"${decisions.reason}"`);
    if (decisions.legacyVersion !== undefined) line.text(`,"legacyVersion":"${decisions.legacyVersion}"`);
    if (decisions.limit !== undefined) line.text(`,"limit":${jsonText(decisions.limit, maxFieldLength)}`);
    if (decisions.cache !== undefined) line.bytes(this.#cache(decisions.cache));
    if (decisions.fallback !== undefined)
      line.text(`,"fallback":${jsonText(decisions.fallback, maxFieldLength)}`);
    if (decisions.gaps !== undefined) line.text(`,"gaps":${decisions.gaps.length}`);
    line.bytes(end);
    this.#sink.write(line.written);
  }

  #opening(status: number): Uint8Array {
    const nowMs = this.#clock.now();
    if (nowMs !== this.#timeMs) {
      this.#timeMs = nowMs;
      const time = isoTime(nowMs);
      this.#info = opening(time, 'info');
      this.#error = opening(time, 'error');
    }
    return status >= firstErrorStatus ? this.#error : this.#info;
  }

  #common(kind: RequestKind, httpVersion: string): Uint8Array {
    if (kind.text?.httpVersion !== httpVersion) {
      const { route, method, status } = kind;
      const text =
        `","gateway":${this.#gateway},"route":${jsonText(route, maxFieldLength)}` +
        `,"method":"${method}","httpVersion":"${httpVersion}","status":${status},"durationMs":`;
      kind.text = { httpVersion, bytes: Buffer.from(text) };
    }
    return kind.text.bytes;
  }

  #cache(result: string): Uint8Array {
    let bytes = this.#cacheResults.get(result);
    if (bytes === undefined) {
      bytes = Buffer.from(`,"cache":${jsonText(result, maxFieldLength)}`);
      this.#cacheResults.set(result, bytes);
    }
    return bytes;
  }

  #principal(principal: Principal): Uint8Array {
    let bytes = this.#principals.get(principal);
    if (bytes === undefined) {
      const { kind, subject, tier } = principal;
      const who = `{"kind":"${kind}","subject":${jsonText(subject, maxFieldLength)}}`;
      bytes = Buffer.from(`,"principal":${who},"tier":"${tier}","attempts":`);
      this.#principals.set(principal, bytes);
    }
    return bytes;
  }
}

function opening(time: string, level: 'info' | 'error'): Uint8Array {
  return Buffer.from(`{"time":"${time}","level":"${level}","msg":"request","requestId":"`);
}
