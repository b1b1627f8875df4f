import { describe, expect, it } from '@jest/globals';
import { AnswerFault } from './answer-fault.ts';
import { ChunkedBody } from './chunked-body.ts';

/** What is made of these pieces: the data, how many bytes belonged to the body, and the fault. */
function read(...pieces: string[]) {
  const body = new ChunkedBody();
  let data = '';
  let used = 0;
  let fault: string | undefined;
  try {
    for (const piece of pieces) {
      const bytes = Buffer.from(piece, 'latin1');
      used += body.read(bytes, 0, bytes.length, (from, to) => {
        data += bytes.toString('latin1', from, to);
      });
    }
  } catch (error) {
    if (!(error instanceof AnswerFault)) throw error;
    fault = error.kind;
  }
  return { data, used, fault, isOver: body.isOver };
}

const longest = 16 * 1024;

describe('ChunkedBody', () => {
  it.each([
    ['0\r\n\r\n', ''],
    ['3\r\nabc\r\n0\r\n\r\n', 'abc'],
    ['3\r\nabc\r\n00B\r\n0\r\n\r\n12345\n\r\n000\r\n\r\n', 'abc0\r\n\r\n12345\n'],
    ['1;a\r\nx\r\n1;a=b;c="d e"\t\r\ny\r\n0;last\r\n\r\n', 'xy'],
    ['0\r\nX: y\r\nchecksum: \xe9\t1\r\n\r\n', ''],
    [`a\r\n${'\r\n0\r\n\r\n\0\xff\n'}\r\n0\r\n\r\n`, '\r\n0\r\n\r\n\0\xff\n'],
  ])('takes %j apart, whatever the pieces, and leaves what comes after', (text, data) => {
    const whole = { data, used: text.length, fault: undefined, isOver: true };
    expect(read(`${text}HTTP/1.1 200 OK`)).toEqual(whole);
    expect(read(...text)).toEqual(whole);
    for (let at = 1; at < text.length; at++) {
      expect(read(text.slice(0, at))).toMatchObject({ fault: undefined, isOver: false, used: at });
      expect(read(text.slice(0, at), `${text.slice(at)}5\r\n`)).toEqual(whole);
    }
  });

  it.each([
    ['no size', ['\r\n', ';a\r\n', ' 5\r\n', '\n', '\0']],
    [
      'a size in other words',
      ['+5', '-5', '0x5', '5 \r\n', '5\t;', '5,5', '5g', 'g', '5.', '5\0', '\xb2', '@', '`'],
    ],
    ['a size of nobody', ['1000000000000\r\n', 'fffffffffffffffff\r\n', '0000000000001\r\n']],
    ['a bare end of the size', ['5\n', '5\r5', '5\r\r\n', '5;a\n', '5;a\rb']],
    ['an extension of no text', ['5;\0', '5;a=\x0b', '5;\x7f']],
    ['data longer than said', ['1\r\nab', '1\r\n\r\n1', '1\r\na0\r\n']],
    ['a bare end of data', ['1\r\na\n', '1\r\na\r0', '1\r\na\r\r\n']],
    ['a bare end of all', ['0\r\n\n', '0\r\n\rx', '0\r\n\r\r']],
    ['a broken trailer', ['0\r\n\0', '0\r\nx\0', '0\r\nx: y\n', '0\r\nx: y\rz', '0\r\nx: \x0b', '0\r\n\x7f']],
  ])('refuses %s', (_, texts) => {
    for (const text of texts) {
      const rest = 'ffffff\r\n0\r\n\r\n';
      const { fault, isOver } = read(text + rest);
      expect({ text, fault, isOver }).toEqual({ text, fault: expect.any(String), isOver: false });
      expect(read(...text, ...rest)).toMatchObject({ fault, isOver });
    }
  });

  it('reads neither extensions nor trailers without end', () => {
    expect(read(`1;${'a'.repeat(longest - 10)}\r\nx\r\n0\r\n\r\n`)).toMatchObject({
      isOver: true,
      data: 'x',
    });
    expect(read(`1;${'a'.repeat(longest)}`).fault).toBe('chunk line');
    expect(read(`0\r\nx: ${'a'.repeat(longest - 10)}\r\n\r\n`).isOver).toBe(true);
    expect(read(`0\r\n${'x: y\r\n'.repeat(longest / 4)}`).fault).toBe('chunk line');
  });

  it('knows where a large chunk ends', () => {
    const body = new ChunkedBody();
    const start = Buffer.from('fffffffffff\r\n');
    const piece = Buffer.alloc(64 * 1024);
    const pieces: number[] = [];
    const take = (bytes: Buffer) => body.read(bytes, 0, bytes.length, (from, to) => pieces.push(to - from));
    take(start);
    for (let n = 0; n < 3; n++) expect(take(piece)).toBe(piece.length);
    expect(pieces).toEqual([piece.length, piece.length, piece.length]);
  });
});
