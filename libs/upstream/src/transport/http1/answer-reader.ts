import { AnswerFault } from './answer-fault.ts';
import { AnswerHead } from './answer-head.ts';
import { ChunkedBody } from './chunked-body.ts';

/** Who is told what the bytes of a connection mean. */
export interface AnswerListener {
  /** An interim answer (RFC 9110, 15.2). */
  informed(head: AnswerHead): void;
  headed(head: AnswerHead): void;
  /** @param chunk nobody else's */
  received(chunk: Buffer): void;
  /** The message is whole. `isClean`: nothing came after it, and the connection may be used again. */
  ended(isClean: boolean): void;
}

export const maxHeadBytes = 16 * 1024;
/** More interim answers than that are a flood. */
const mostInterim = 1_000;
const headEnd = Buffer.from('\r\n\r\n');
const begin = Buffer.from('HTTP/1.');
/** Line ends that are none, in a head whose end has not come. */
const strayLineEnd = /(?<!\r)\n|\r(?!\n|$)/;

type State = 'idle' | 'head' | 'length' | 'chunked' | 'close';

/**
 * Reads the answers of one connection, one after the other, and nothing that was not asked for. Where framing is in
 * doubt it throws: the connection is of no more use then.
 */
export class AnswerReader {
  readonly #listener: AnswerListener;
  #state: State = 'idle';
  #method = '';
  #interim = 0;
  #left = 0;
  #keepsAlive = false;
  #chunks: ChunkedBody | undefined;
  #before: AnswerHead | undefined;
  /** A head that has come in part. */
  #partial: Buffer | undefined;

  constructor(listener: AnswerListener) {
    this.#listener = listener;
  }

  /** An answer to this is awaited. */
  expect(method: string): void {
    this.#state = 'head';
    this.#method = method;
    this.#interim = 0;
  }

  /** No answer is awaited, or none any more. */
  get isIdle(): boolean {
    return this.#state === 'idle';
  }

  /**
   * @param bytes ours during this call only: what is in them is moved about
   * @throws AnswerFault
   */
  read(bytes: Buffer, length: number): void {
    let place = 0;
    while (place < length) {
      switch (this.#state) {
        case 'head':
          place = this.#readHead(bytes, place, length);
          break;
        case 'length':
          place = this.#readLength(bytes, place, length);
          break;
        case 'chunked':
          place = this.#readChunks(bytes, place, length);
          break;
        case 'close':
          this.#listener.received(copied(bytes, place, length));
          return;
        case 'idle':
          throw new AnswerFault('unasked for');
      }
    }
  }

  /** The upstream sends no more. True: that was the end of the message it sent. */
  finish(): boolean {
    if (this.#state !== 'close') return false;
    this.#end(false);
    return true;
  }

  #readHead(bytes: Buffer, from: number, to: number): number {
    if (this.#partial !== undefined) return this.#readRestOfHead(bytes, from, to);
    const end = bytes.indexOf(headEnd, from);
    if (end === -1 || end + headEnd.length > to) {
      this.#keep(Buffer.from(bytes.subarray(from, to)));
      return to;
    }
    if (end - from > maxHeadBytes) throw new AnswerFault('head too large');
    const next = end + headEnd.length;
    this.#take(bytes.toString('latin1', from, end), next < to);
    return next;
  }

  /** Rare: a head in several pieces. */
  #readRestOfHead(bytes: Buffer, from: number, to: number): number {
    const before = this.#partial as Buffer;
    const whole = Buffer.concat([before, bytes.subarray(from, to)]);
    const end = whole.indexOf(headEnd, Math.max(0, before.length - headEnd.length + 1));
    if (end === -1) {
      this.#keep(whole);
      return to;
    }
    if (end > maxHeadBytes) throw new AnswerFault('head too large');
    this.#partial = undefined;
    const next = end + headEnd.length;
    this.#take(whole.toString('latin1', 0, end), next < whole.length);
    return from + next - before.length;
  }

  /** What can't become a head is refused at once, not when its end fails to come. */
  #keep(partial: Buffer): void {
    // All of its end but one byte may be there.
    if (partial.length >= maxHeadBytes + headEnd.length) throw new AnswerFault('head too large');
    const known = Math.min(partial.length, begin.length);
    if (partial.compare(begin, 0, known, 0, known) !== 0) throw new AnswerFault('status line');
    if (strayLineEnd.test(partial.toString('latin1'))) throw new AnswerFault('head');
    this.#partial = partial;
  }

  #take(text: string, hasMore: boolean): void {
    const before = this.#before;
    // Polls and lists of one length are answered by the same head for a second at a time.
    const head = before?.says(text) === true ? before : new AnswerHead(text, before);
    this.#before = head;
    if (head.status < 200) return this.#takeInterim(head);
    const framing = head.framing(this.#method);
    const isEmpty = framing.kind === 'length' && framing.bytes === 0;
    // A body that must not be there but is declared often comes all the same, and would be read as the next answer.
    this.#keepsAlive = head.keepsAlive && framing.kind !== 'close' && !(isEmpty && declaresBody(head));
    this.#listener.headed(head);
    // Whoever was told may have closed the connection.
    if (this.isIdle) return;
    if (framing.kind === 'length') {
      this.#left = framing.bytes;
      this.#state = 'length';
      if (isEmpty) this.#end(!hasMore);
    } else {
      this.#state = framing.kind;
      if (framing.kind === 'chunked') this.#chunks = new ChunkedBody();
    }
  }

  #takeInterim(head: AnswerHead): void {
    // Nobody asked for another protocol (RFC 9110, 15.2.2). A length may be a hint of the answer to come, a coding not.
    const hasCoding = head.value('transfer-encoding') !== undefined;
    if (head.status === 101 || hasCoding || ++this.#interim > mostInterim) {
      throw new AnswerFault('interim answer');
    }
    this.#listener.informed(head);
  }

  #readLength(bytes: Buffer, from: number, to: number): number {
    const end = Math.min(to, from + this.#left);
    this.#left -= end - from;
    this.#listener.received(copied(bytes, from, end));
    if (this.#left === 0 && !this.isIdle) this.#end(end === to);
    return end;
  }

  #readChunks(bytes: Buffer, from: number, to: number): number {
    const chunks = this.#chunks as ChunkedBody;
    let first = from;
    let filled = from;
    // Moved together: a piece for each chunk would let a stranger make us hold a Buffer per byte.
    const end = chunks.read(bytes, from, to, (start, stop) => {
      if (filled === first) first = filled = start;
      else if (filled !== start) bytes.copyWithin(filled, start, stop);
      filled += stop - start;
    });
    if (filled > first) this.#listener.received(copied(bytes, first, filled));
    if (chunks.isOver && !this.isIdle) this.#end(end === to);
    return end;
  }

  #end(isLast: boolean): void {
    this.stop();
    this.#listener.ended(isLast && this.#keepsAlive);
  }

  /** Nothing more is wanted. */
  stop(): void {
    this.#state = 'idle';
    this.#chunks = undefined;
    this.#partial = undefined;
  }
}

function declaresBody(head: AnswerHead): boolean {
  return head.declaredLength > 0 || head.value('transfer-encoding') !== undefined;
}

function copied(bytes: Buffer, from: number, to: number): Buffer {
  const copy = Buffer.allocUnsafe(to - from);
  bytes.copy(copy, 0, from, to);
  return copy;
}
