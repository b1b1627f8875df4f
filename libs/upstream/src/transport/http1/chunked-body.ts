import { AnswerFault } from './answer-fault.ts';

/** A size line with its extensions, or all trailers together. */
const maxLineBytes = 16 * 1024;
/** 2 ** 48 bytes and more are nobody's chunk. */
const maxSizeDigits = 12;

const tab = 0x09;
const cr = 0x0d;
const lf = 0x0a;
const semicolon = 0x3b;

type At =
  | 'size'
  | 'extension'
  | 'size end'
  | 'data'
  | 'data cr'
  | 'data lf'
  | 'trailer start'
  | 'trailer'
  | 'trailer lf'
  | 'last lf'
  | 'end';

/** Takes `Transfer-Encoding: chunked` apart (RFC 9112, 7.1): strict line ends, extensions skipped, trailers dropped. */
export class ChunkedBody {
  #at: At = 'size';
  #size = 0;
  #digits = 0;
  /** Bytes of the present line that are not data. */
  #lineBytes = 0;

  get isOver(): boolean {
    return this.#at === 'end';
  }

  /**
   * @param data told of each piece, as places in `bytes`
   * @returns the place after the last byte that belongs to the body
   * @throws AnswerFault
   */
  read(bytes: Uint8Array, from: number, to: number, data: (from: number, to: number) => void): number {
    let place = from;
    while (place < to && this.#at !== 'end') {
      if (this.#at === 'data') {
        const end = Math.min(to, place + this.#size);
        this.#size -= end - place;
        data(place, end);
        place = end;
        if (this.#size === 0) this.#at = 'data cr';
      } else this.#take(bytes[place++] as number);
    }
    return place;
  }

  #take(byte: number): void {
    if (++this.#lineBytes > maxLineBytes) throw new AnswerFault('chunk line');
    switch (this.#at) {
      case 'size':
        return this.#takeSize(byte);
      case 'extension':
        if (byte === cr) this.#at = 'size end';
        else expectText(byte, 'chunk extension');
        return;
      case 'size end':
        expect(byte, lf);
        this.#lineBytes = 0;
        this.#at = this.#size === 0 ? 'trailer start' : 'data';
        return;
      case 'data cr':
        expect(byte, cr);
        this.#at = 'data lf';
        return;
      case 'data lf':
        expect(byte, lf);
        this.#digits = 0;
        this.#lineBytes = 0;
        this.#at = 'size';
        return;
      default:
        return this.#takeTrailer(byte);
    }
  }

  #takeSize(byte: number): void {
    const digit = hexDigit(byte);
    if (digit !== -1) {
      if (++this.#digits > maxSizeDigits) throw new AnswerFault('chunk size');
      this.#size = this.#size * 16 + digit;
    } else if (this.#digits === 0) throw new AnswerFault('chunk size');
    else if (byte === cr) this.#at = 'size end';
    else if (byte === semicolon) this.#at = 'extension';
    else throw new AnswerFault('chunk size');
  }

  #takeTrailer(byte: number): void {
    switch (this.#at) {
      case 'trailer start':
        this.#at = byte === cr ? 'last lf' : 'trailer';
        if (byte !== cr) expectText(byte, 'trailer');
        return;
      case 'trailer':
        if (byte === cr) this.#at = 'trailer lf';
        else expectText(byte, 'trailer');
        return;
      case 'trailer lf':
        expect(byte, lf);
        this.#at = 'trailer start';
        return;
      default:
        expect(byte, lf);
        this.#at = 'end';
    }
  }
}

function expect(byte: number, wanted: number): void {
  if (byte !== wanted) throw new AnswerFault('chunk end');
}

function expectText(byte: number, where: string): void {
  if ((byte < 0x20 && byte !== tab) || byte === 0x7f) throw new AnswerFault(where);
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
