import { type HeadOfAnswer } from '../transport.ts';
import { AnswerFault } from './answer-fault.ts';
import { contentLength } from './content-length.ts';
import { checkLine, type HeadLine, lineAt } from './head-line.ts';

type Headers = Record<string, string | string[]>;

/** How much of what follows the head is its body. */
export type Framing =
  { readonly kind: 'length'; readonly bytes: number } | { readonly kind: 'chunked' | 'close' };

const zero = 0x30;

const none: readonly HeadLine[] = [];

/** The head of an answer, as it came. */
export class AnswerHead implements HeadOfAnswer {
  readonly status: number;
  readonly statusText: string;
  /** The connection is good for another request after this answer, as far as the answer says. */
  readonly keepsAlive: boolean;
  /** How long the upstream keeps the connection open when nothing is sent on it, ms, where it says so. */
  readonly idleMs: number | undefined;
  readonly #text: string;
  readonly #lines: readonly HeadLine[];
  readonly #isChunked: boolean;
  readonly #length: number | undefined;
  #fields: readonly (readonly [name: string, value: string])[] | undefined;
  #headers: Headers | undefined;

  /**
   * @param text from the status line to before the empty line
   * @param before the head before on the same connection: what stands in both is read once
   * @throws AnswerFault for what different software reads differently (RFC 9112, 2.2, 4, 5, 6.1)
   */
  constructor(text: string, before?: AnswerHead) {
    this.#text = text;
    const first = text.indexOf('\r\n');
    const statusLine = first === -1 ? text : text.slice(0, first);
    checkLine(statusLine);
    if (!hasStatusLine(statusLine)) throw new AnswerFault('status line');
    this.status = Number(statusLine.slice(9, 12));
    this.statusText = statusLine.slice(13);
    const usual = before === undefined ? none : before.#lines;
    const lines: HeadLine[] = [];
    let seen = 0;
    let length: string | undefined;
    let coding: string | undefined;
    let connection: string | undefined;
    let keepAlive: string | undefined;
    for (let end = statusLine.length; end !== text.length;) {
      const line = lineAt(text, end + 2, usual[lines.length]);
      const { name, value } = line;
      if ((seen & name.singularBit) !== 0) throw new AnswerFault(`repeated ${name.lower}`);
      seen |= name.singularBit;
      lines.push(line);
      end += 2 + line.text.length;
      if (name.lower === 'content-length') length = value;
      else if (name.lower === 'transfer-encoding') coding = value;
      else if (name.lower === 'connection') connection = joined(connection, value);
      else if (name.lower === 'keep-alive') keepAlive = joined(keepAlive, value);
    }
    this.#lines = lines;
    const isHttp10 = text.charCodeAt(7) === zero;
    this.#isChunked = isChunked(coding, length, isHttp10);
    this.#length = declaredLength(length);
    this.keepsAlive = keepsAlive(connection?.toLowerCase(), isHttp10);
    this.idleMs = this.keepsAlive ? idleMsOf(keepAlive) : undefined;
  }

  /** Whether this is what the text says: heads do not change once they are read, so one can stand for both. */
  says(text: string): boolean {
    return this.#text === text;
  }

  /** As they came: order, case and repetition kept; blanks around values are none of them. */
  get fields(): readonly (readonly [name: string, value: string])[] {
    return (this.#fields ??= this.#lines.map(({ name, value }) => [name.text, value] as const));
  }

  /** All values of a field, as one list. */
  value(lowerName: string): string | undefined {
    let value: string | undefined;
    for (const line of this.#lines) if (line.name.lower === lowerName) value = joined(value, line.value);
    return value;
  }

  /** By lower-case name, repeated ones as arrays; made when first asked for. */
  get headers(): Headers {
    return (this.#headers ??= this.#byName());
  }

  /** The declared length of the body, or -1 when it is not declared. */
  get declaredLength(): number {
    return this.#length ?? -1;
  }

  /** RFC 9112, 6.3. */
  framing(method: string): Framing {
    const { status } = this;
    if (method === 'HEAD' || status < 200 || status === 204 || status === 304)
      return { kind: 'length', bytes: 0 };
    if (this.#isChunked) return { kind: 'chunked' };
    return this.#length === undefined ? { kind: 'close' } : { kind: 'length', bytes: this.#length };
  }

  #byName(): Headers {
    const headers = Object.create(null) as Headers;
    for (const line of this.#lines) {
      const { value } = line;
      const name = line.name.lower;
      const known = headers[name];
      if (known === undefined) headers[name] = value;
      else if (Array.isArray(known)) known.push(value);
      else headers[name] = [known, value];
    }
    return headers;
  }
}

/** `HTTP/1.1 200`, with or without a text (RFC 9112, 4). */
function hasStatusLine(line: string): boolean {
  const version = line.charCodeAt(7);
  return (
    line.startsWith('HTTP/1.') &&
    (version === zero || version === zero + 1) &&
    isSpaceAt(line, 8) &&
    line.charCodeAt(9) !== zero &&
    isDigitAt(line, 9) &&
    isDigitAt(line, 10) &&
    isDigitAt(line, 11) &&
    (line.length === 12 || isSpaceAt(line, 12))
  );
}

function isSpaceAt(text: string, place: number): boolean {
  return text.charCodeAt(place) === 0x20;
}

function isDigitAt(text: string, place: number): boolean {
  const code = text.charCodeAt(place);
  return code >= zero && code <= 0x39;
}

function joined(before: string | undefined, value: string): string {
  return before === undefined ? value : `${before}, ${value}`;
}

function isChunked(coding: string | undefined, length: string | undefined, isHttp10: boolean): boolean {
  if (coding === undefined) return false;
  // Anything else would be read until the connection closes (RFC 9112, 6.1).
  if (coding.toLowerCase() !== 'chunked' || isHttp10) throw new AnswerFault('transfer coding');
  if (length !== undefined) throw new AnswerFault('two framings');
  return true;
}

function declaredLength(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const length = contentLength(value);
  if (length === undefined) throw new AnswerFault('content length');
  return length;
}

/** @param connection lower case */
function keepsAlive(connection: string | undefined, isHttp10: boolean): boolean {
  if (connection === undefined) return !isHttp10;
  if (connection === 'keep-alive') return true;
  return !isHttp10 && !/(?:^|[, \t])close(?:$|[, \t])/.test(connection);
}

/** Upstreams say the same every time. */
let lastHint = '';
let lastIdleMs: number | undefined;

function idleMsOf(keepAlive: string | undefined): number | undefined {
  if (keepAlive === undefined) return undefined;
  if (keepAlive === lastHint) return lastIdleMs;
  const seconds = /(?:^|[,; \t])timeout=(\d{1,9})/i.exec(keepAlive)?.[1];
  lastHint = keepAlive;
  lastIdleMs = seconds === undefined ? undefined : Number(seconds) * 1_000;
  return lastIdleMs;
}
