import { type BytePlan, type WantedMember, type WantedMembers } from './byte-plan.ts';
import { skipSpace } from './skip-space.ts';
import { skipPlain } from './skip-string.ts';
import { skipValue } from './skip-value.ts';
import { unusual } from './unusual.ts';

/** A text that is kept for the next time is no longer than that: names of states, not prose. */
const LONGEST_KEPT = 24;
/** Where each is another one, keeping each would be for nothing. */
const OTHERS_BEFORE = 16;
/** Digits an integer may have to be read by hand: all of so many are exact. */
const EXACT_DIGITS = 15;

/** Reads one body: what the plan wants becomes values, the rest is skipped. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /**
   * The whole body.
   * @throws unusual
   */
  document(plan: BytePlan): unknown {
    const end = endOf(this.#bytes);
    this.#at = skipSpace(this.#bytes, 0);
    const value = this.#value(plan);
    if (this.#at !== end) throw unusual;
    return value;
  }

  #value(plan: BytePlan): unknown {
    const { members, items } = plan;
    const byte = this.#bytes[this.#at] ?? 0;
    if (byte === 0x22 /* " */) return this.#string(plan);
    if (byte >= 0x30 /* 0 */ && byte <= 0x39 /* 9 */) return this.#number();
    if (byte === 0x7b /* { */ && members !== undefined) return this.#object(members);
    if (byte === 0x5b /* [ */ && items !== undefined) return this.#array(items);
    if (byte === 0x6e /* n */ || byte === 0x74 /* t */ || byte === 0x66 /* f */) return this.#literal(byte);
    return this.#parsed();
  }

  #object(members: WantedMembers): Record<string, unknown> {
    const bytes = this.#bytes;
    const object: Record<string, unknown> = {};
    let at = skipSpace(bytes, this.#at + 1);
    if (bytes[at] === 0x7d /* } */) {
      this.#at = at + 1;
      return object;
    }
    let expected = members.first;
    for (;;) {
      if (bytes[at] !== 0x22 /* " */) throw unusual;
      const start = at + 1;
      let member: WantedMember | undefined;
      if (expected?.isAt(bytes, start) && bytes[start + expected.bytes.length] === 0x22 /* " */) {
        member = expected;
        at = start + member.bytes.length;
      } else {
        at = skipPlain(bytes, start);
        // Also an escape, which may spell a wanted name in another way.
        if (bytes[at] !== 0x22 /* " */) throw unusual;
        member = members.find(bytes, start, at);
      }
      at = skipSpace(bytes, at + 1);
      if (bytes[at] !== 0x3a /* : */) throw unusual;
      at = skipSpace(bytes, at + 1);
      if (member === undefined) at = skipValue(bytes, at);
      else {
        this.#at = at;
        object[member.name] = this.#value(member.plan);
        at = this.#at;
        expected = member.next;
      }
      at = skipSpace(bytes, at);
      const byte = bytes[at++];
      if (byte === 0x7d /* } */) {
        this.#at = at;
        return object;
      }
      if (byte !== 0x2c /* , */) throw unusual;
      at = skipSpace(bytes, at);
    }
  }

  #array(items: BytePlan): unknown[] {
    const bytes = this.#bytes;
    const array: unknown[] = [];
    this.#at = skipSpace(bytes, this.#at + 1);
    if (bytes[this.#at] === 0x5d /* ] */) {
      this.#at++;
      return array;
    }
    for (;;) {
      array.push(this.#value(items));
      const at = skipSpace(bytes, this.#at);
      const byte = bytes[at];
      this.#at = at + 1;
      if (byte === 0x5d /* ] */) return array;
      if (byte !== 0x2c /* , */) throw unusual;
      this.#at = skipSpace(bytes, this.#at);
    }
  }

  #string(plan: BytePlan): unknown {
    const start = this.#at + 1;
    const end = skipPlain(this.#bytes, start);
    if (this.#bytes[end] !== 0x22 /* " */) return this.#parsed();
    this.#at = end + 1;
    if (end - start === plan.text.length && isAt(this.#bytes, start, plan.text)) return plan.text;
    const text = this.#bytes.toString('utf8', start, end);
    if (text.length <= LONGEST_KEPT && (plan.text === '' || ++plan.others >= OTHERS_BEFORE)) {
      plan.text = text;
      plan.others = 0;
    }
    return text;
  }

  #literal(byte: number): boolean | null {
    this.#at = skipValue(this.#bytes, this.#at);
    return byte === 0x6e /* n */ ? null : byte === 0x74; /* t */
  }

  #number(): unknown {
    const bytes = this.#bytes;
    let at = this.#at;
    let value = 0;
    let byte = bytes[at] ?? 0;
    while (byte >= 0x30 /* 0 */ && byte <= 0x39 /* 9 */) {
      value = value * 10 + (byte - 0x30);
      byte = bytes[++at] ?? 0;
    }
    const length = at - this.#at;
    const isOther = byte === 0x2e /* . */ || (byte | 0x20) === 0x65; /* e */
    const isPadded = length > 1 && bytes[this.#at] === 0x30; /* 0 */
    if (isOther || isPadded || length > EXACT_DIGITS) return this.#parsed();
    this.#at = at;
    return value;
  }

  /** Any value, by `JSON.parse` of its own bytes. */
  #parsed(): unknown {
    const start = this.#at;
    this.#at = skipValue(this.#bytes, start);
    return JSON.parse(this.#bytes.toString('utf8', start, this.#at)) as unknown;
  }
}

/**
 * Where the last object or array ends. A body that was cut off is mostly seen here: one reading past the end, and every
 * later one would be slower, for V8 remembers that there may be no byte.
 */
function endOf(bytes: Buffer): number {
  let end = bytes.length;
  while (end > 0 && isSpace(bytes[end - 1])) end--;
  const last = end === 0 ? undefined : bytes[end - 1];
  if (last !== 0x7d /* } */ && last !== 0x5d /* ] */) throw unusual;
  return end;
}

/** ASCII only: beyond it, a byte is no character. */
function isAt(bytes: Buffer, start: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const byte = bytes[start + index] ?? 0;
    if (byte !== text.charCodeAt(index) || byte >= 0x80) return false;
  }
  return true;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
