import { type HeadOfAnswer } from '../transport.ts';
import { contentLength } from './content-length.ts';
import { type FieldName, fieldName } from './field-name.ts';

type Headers = Record<string, string | string[]>;

/** How much of what follows the head is its body. */
export type Framing =
  { readonly kind: 'length'; readonly bytes: number } | { readonly kind: 'chunked' | 'close' };

/** An answer that means two things, or none. Only its kind is told: bytes of it never leave. */
export class AnswerFault extends Error {
  readonly kind: string;

  /** @param kind words of ours */
  constructor(kind: string) {
    super(kind);
    this.kind = kind;
  }
}

/** Bytes that no head has, and line ends that are none (RFC 9112, 2.2). */
const illegal = /[^\t\r\n\x20-\x7e\x80-\xff]|\r(?!\n)|(?<!\r)\n/;
const zero = 0x30;
const colonCode = 0x3a;

/** The names of the head before: an upstream sends the same ones in the same order, and comparing is not looking up. */
let usual: readonly FieldName[] = [];

/** The head of an answer, as it came. */
export class AnswerHead implements HeadOfAnswer {
  readonly status: number;
  readonly statusText: string;
  /** As they came: order, case and repetition kept; blanks around values are none of them. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** The connection is good for another request after this answer, as far as the answer says. */
  readonly keepsAlive: boolean;
  /** How long the upstream keeps the connection open when nothing is sent on it, ms, where it says so. */
  readonly idleMs: number | undefined;
  readonly #names: readonly FieldName[];
  readonly #isChunked: boolean;
  readonly #length: number | undefined;
  #headers: Headers | undefined;

  /**
   * @param text from the status line to before the empty line
   * @throws AnswerFault for what different software reads differently (RFC 9112, 2.2, 4, 5, 6.1)
   */
  constructor(text: string) {
    if (illegal.test(text)) throw new AnswerFault('head');
    const first = text.indexOf('\r\n');
    const lineEnd = first === -1 ? text.length : first;
    if (!hasStatusLine(text, lineEnd)) throw new AnswerFault('status line');
    this.status = Number(text.slice(9, 12));
    this.statusText = text.slice(13, lineEnd);
    const fields: [string, string][] = [];
    const names: FieldName[] = [];
    let seen = 0;
    for (let end = first; end !== -1;) {
      const start = end + 2;
      end = text.indexOf('\r\n', start);
      const stop = end === -1 ? text.length : end;
      const name = nameAt(text, start, stop, usual[names.length]);
      if ((seen & name.singularBit) !== 0) throw new AnswerFault(`repeated ${name.lower}`);
      seen |= name.singularBit;
      names.push(name);
      fields.push([name.text, trimmed(text, start + name.text.length + 1, stop)]);
    }
    this.fields = fields;
    this.#names = names;
    usual = names;
    const isHttp10 = text.charCodeAt(7) === zero;
    this.#isChunked = this.#chunked(isHttp10);
    this.#length = this.#declaredLength();
    const connection = this.value('connection')?.toLowerCase();
    this.keepsAlive =
      connection === undefined || connection === 'keep-alive'
        ? !isHttp10 || connection !== undefined
        : !isHttp10 && !/(?:^|[, \t])close(?:$|[, \t])/.test(connection);
    this.idleMs = this.keepsAlive ? idleMsOf(this.value('keep-alive')) : undefined;
  }

  /** All values of a field, as one list. */
  value(lowerName: string): string | undefined {
    let joined: string | undefined;
    for (let place = 0; place < this.#names.length; place++) {
      if (this.#names[place]?.lower !== lowerName) continue;
      const value = this.fields[place]?.[1] ?? '';
      joined = joined === undefined ? value : `${joined}, ${value}`;
    }
    return joined;
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

  #chunked(isHttp10: boolean): boolean {
    const coding = this.value('transfer-encoding');
    if (coding === undefined) return false;
    // Anything else would be read until the connection closes (RFC 9112, 6.1).
    if (coding.toLowerCase() !== 'chunked' || isHttp10) throw new AnswerFault('transfer coding');
    if (this.value('content-length') !== undefined) throw new AnswerFault('two framings');
    return true;
  }

  #declaredLength(): number | undefined {
    const value = this.value('content-length');
    if (value === undefined) return undefined;
    const length = contentLength(value);
    if (length === undefined) throw new AnswerFault('content length');
    return length;
  }

  #byName(): Headers {
    const headers = Object.create(null) as Headers;
    for (let index = 0; index < this.#names.length; index++) {
      const name = this.#names[index]?.lower ?? '';
      const value = this.fields[index]?.[1] ?? '';
      const known = headers[name];
      if (known === undefined) headers[name] = value;
      else if (Array.isArray(known)) known.push(value);
      else headers[name] = [known, value];
    }
    return headers;
  }
}

/** `HTTP/1.1 200`, with or without a text (RFC 9112, 4). */
function hasStatusLine(text: string, end: number): boolean {
  const version = text.charCodeAt(7);
  return (
    text.startsWith('HTTP/1.') &&
    (version === zero || version === zero + 1) &&
    isSpaceAt(text, 8) &&
    text.charCodeAt(9) !== zero &&
    isDigitAt(text, 9) &&
    isDigitAt(text, 10) &&
    isDigitAt(text, 11) &&
    (end === 12 || (end > 12 && isSpaceAt(text, 12)))
  );
}

function isSpaceAt(text: string, place: number): boolean {
  return text.charCodeAt(place) === 0x20;
}

function isDigitAt(text: string, place: number): boolean {
  const code = text.charCodeAt(place);
  return code >= zero && code <= 0x39;
}

function nameAt(text: string, start: number, stop: number, guess: FieldName | undefined): FieldName {
  if (
    guess !== undefined &&
    text.charCodeAt(start + guess.text.length) === colonCode &&
    text.startsWith(guess.text, start)
  ) {
    return guess;
  }
  const colon = text.indexOf(':', start);
  if (colon === -1 || colon > stop) throw new AnswerFault('header field');
  const name = fieldName(text.slice(start, colon));
  if (name === undefined) throw new AnswerFault('field name');
  return name;
}

/** Without the blanks around it. */
function trimmed(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
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
