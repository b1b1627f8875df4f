import { describe, expect, it } from '@jest/globals';
import { AnswerFault } from './answer-fault.ts';
import { AnswerReader } from './answer-reader.ts';

/** Numbers below `limit`, the same for every run (mulberry32). */
function dice(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

const words = [
  ...[
    'HTTP/1.1 200 OK\r\n',
    'HTTP/1.0 200 OK\r\n',
    'HTTP/1.1 103 X\r\n',
    'HTTP/1.1 204\r\n',
    'HTTP/1.1 101 X\r\n',
  ],
  ...['content-length: 3\r\n', 'Content-Length: 0\r\n', 'content-length: +3\r\n', 'content-length: 3, 3\r\n'],
  ...[
    'transfer-encoding: chunked\r\n',
    'Transfer-Encoding : chunked\r\n',
    'transfer-encoding: x, chunked\r\n',
  ],
  ...[
    'connection: close\r\n',
    'keep-alive: timeout=5\r\n',
    'x: y\r\n',
    ' folded\r\n',
    'x\r\n',
    ': x\r\n',
    'x : y\r\n',
  ],
  ...[
    '\r\n',
    '\r\n\r\n',
    '\r',
    '\n',
    '\0',
    ' ',
    ':',
    'a',
    'abc',
    '3\r\nabc\r\n',
    '0\r\n',
    '0\r\n\r\n',
    '3;x=y\r\n',
    '-1\r\n',
  ],
  ...['fffffffffffff\r\n', '\xff', '\t', '5', ';', '\r\r\n', '\n\n'],
];

const sound = [
  'HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc',
  'HTTP/1.1 103 X\r\nlink: y\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1;x\r\nd\r\n0\r\nt: r\r\n\r\n',
  'HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 0\r\n\r\n',
  'HTTP/1.1 304 Not Modified\r\netag: "x"\r\n\r\n',
  'HTTP/1.1 200 OK\r\nx: y\r\n\r\nto the end',
];

/** A sound answer with a few bytes or words put in, taken out or changed; now and then nothing sound at all. */
function stream(roll: (limit: number) => number): string {
  let bytes = roll(4) === 0 ? '' : (sound[roll(sound.length)] as string);
  for (let change = roll(6); change >= 0; change--) {
    const at = roll(bytes.length + 1);
    const put = roll(3) === 0 ? String.fromCharCode(roll(256)) : (words[roll(words.length)] as string);
    bytes = bytes.slice(0, at) + put + bytes.slice(at + roll(4));
  }
  return bytes;
}

function cut(bytes: string, roll: (limit: number) => number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = 1 + roll(roll(2) === 0 ? 3 : 40);
    pieces.push(bytes.slice(at, at + length));
    at += length;
  }
  return pieces;
}

/** What one request is told of these bytes. Whether it was clean is left out: that may depend on where they are cut. */
function toldOf(method: string, pieces: readonly string[]) {
  const told: string[] = [];
  let body = '';
  const reader = new AnswerReader({
    informed: ({ status }) => told.push(`informed ${status}`),
    headed: ({ status, fields }) => told.push(`headed ${status} ${JSON.stringify(fields)}`),
    received: (chunk) => (body += chunk.toString('latin1')),
    ended: () => told.push(`ended ${body}`),
  });
  const place = Buffer.alloc(4 * 1024);
  let isFaulty = false;
  reader.expect(method);
  try {
    for (const piece of pieces) reader.read(place, place.write(piece, 'latin1'));
    reader.finish();
  } catch (error) {
    if (!(error instanceof AnswerFault)) throw error;
    isFaulty = true;
  }
  return { told, isFaulty };
}

describe('AnswerReader, with 20,000 streams of anything', () => {
  it('throws nothing but faults, makes one answer at most of each, and the same wherever it is cut', () => {
    const ends = { whole: 0, faulty: 0, both: 0 };
    const wrong: unknown[] = [];
    for (let seed = 1; seed <= 20_000; seed++) {
      const roll = dice(seed);
      const method = roll(8) === 0 ? 'HEAD' : 'GET';
      const bytes = stream(roll);
      const whole = toldOf(method, [bytes]);
      const inPieces = toldOf(method, cut(bytes, roll));
      const order = whole.told.map((word) => word.split(' ', 1)[0]).join(' ');
      const heads = whole.told.filter((word) => !word.startsWith('ended'));
      const isInOrder = /^(informed ?)*(headed( ended)?)?$/.test(order);
      const isOneLineEach = !heads.some((head) => /\\[rn]|\\u0000/.test(head));
      if (!isInOrder || !isOneLineEach || JSON.stringify(inPieces) !== JSON.stringify(whole)) {
        wrong.push({ seed, bytes, whole, inPieces });
      }
      const isWhole = order.endsWith('ended');
      ends[isWhole && whole.isFaulty ? 'both' : isWhole ? 'whole' : 'faulty']++;
    }
    expect(wrong).toEqual([]);
    // All three are met often enough for the above to mean something.
    for (const count of Object.values(ends)) expect(count).toBeGreaterThan(200);
  });
});
