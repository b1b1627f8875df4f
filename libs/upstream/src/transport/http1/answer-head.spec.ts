import { describe, expect, it } from '@jest/globals';
import { AnswerFault } from './answer-fault.ts';
import { AnswerHead } from './answer-head.ts';

const ok = 'HTTP/1.1 200 OK';

function head(...lines: string[]): AnswerHead {
  return new AnswerHead([ok, ...lines].join('\r\n'));
}

function faultOf(text: string): string {
  try {
    new AnswerHead(text);
  } catch (error) {
    if (error instanceof AnswerFault) return error.kind;
    throw error;
  }
  return 'none';
}

function faultOfFields(...lines: string[]): string {
  return faultOf([ok, ...lines].join('\r\n'));
}

const faults = (kind: string, cases: readonly string[]) => cases.map((one) => [one, kind] as const);

describe('AnswerHead', () => {
  it.each([
    ['HTTP/1.1 200', 200, ''],
    ['HTTP/1.1 200 ', 200, ''],
    ['HTTP/1.0 404 Not  Found ', 404, 'Not  Found '],
    ['HTTP/1.1 999 \xe9\t:', 999, '\xe9\t:'],
  ])('reads %j', (text, status, statusText) => {
    expect(new AnswerHead(text)).toMatchObject({ status, statusText, fields: [] });
  });

  it.each([
    ...['', 'H', 'HTTP/1.1', 'HTTP/1.1 ', 'HTTP/1.1 20', 'HTTP/1.1 2000', 'HTTP/1.1 20x', 'HTTP/1.1 OK'],
    ...[
      'HTTP/2.0 200 OK',
      'HTTP/0.9 200 OK',
      'HTTP/1.2 200 OK',
      'HTTP/11 200 OK',
      'HTTP/1 200',
      'HTTP/1.10 200',
    ],
    ...['http/1.1 200 OK', ' HTTP/1.1 200 OK', 'HTTP/1.1  200 OK', 'HTTP/1.1\t200 OK', 'HTTP/1.1 200\tOK'],
    ...['HTTP/1.1 000 OK', 'HTTP/1.1 099 OK', 'HTTP/1.1 -20 OK', 'HTTP/1.1 +20 OK', 'HTTP/1.1 2.0 OK'],
    ...['ICY 200 OK', 'SSH-2.0-OpenSSH', '<html>', '\r\nHTTP/1.1 200 OK', 'HTTP/1.1 20\r\n0: 1'],
  ])('has no status line in %j', (text) => {
    expect(faultOf(text)).toBe('status line');
  });

  it('keeps order, case and repetition of fields, and no blanks around values', () => {
    const answer = head(
      'Set-Cookie: a=1',
      'X-B:',
      'x-c:\t \t',
      'set-cookie: b; c = "d" \t',
      'X-Odd: a:b\xff',
    );
    expect(answer.fields).toEqual([
      ['Set-Cookie', 'a=1'],
      ['X-B', ''],
      ['x-c', ''],
      ['set-cookie', 'b; c = "d"'],
      ['X-Odd', 'a:b\xff'],
    ]);
    expect(answer.value('set-cookie')).toBe('a=1, b; c = "d"');
    expect(answer.value('x-none')).toBeUndefined();
    expect({ ...answer.headers }).toEqual({
      'set-cookie': ['a=1', 'b; c = "d"'],
      'x-b': '',
      'x-c': '',
      'x-odd': 'a:b\xff',
    });
  });

  it('takes no field for what objects have of their own', () => {
    const { headers } = head(
      '__proto__: a',
      'constructor: b',
      '__proto__: c',
      'constructor: d',
      'toString: e',
    );
    expect(Object.entries(headers)).toEqual([
      ['__proto__', ['a', 'c']],
      ['constructor', ['b', 'd']],
      ['tostring', 'e'],
    ]);
    expect(head().value('constructor')).toBeUndefined();
  });

  it.each([
    ...faults('head', ['x: a\0b', 'x: a\x07', 'x: a\x7f', 'x\0: a', 'x: a\x1b', 'x: a\u0100']),
    ...faults('head', [
      'x: a\rb',
      'x: a\nb',
      'x: a\r',
      '\rx: a',
      'x: a\n',
      'x\r: a',
      'x: a\r\r\ny: b',
      'x: a\n\r',
    ]),
    ...faults('field name', [
      'x : a',
      'x\t: a',
      ' x: a',
      '\tfolded: a',
      ': a',
      'x y: a',
      'x(: a',
      '\xe9: a',
      '"x": a',
    ]),
    ...faults('header field', ['x', ' folded', '\tfolded', '', ' ', 'HTTP/1.1 200 OK']),
  ])('refuses the line %j', (line, kind) => {
    expect(faultOfFields('a: 1', line, 'b: 2')).toBe(kind);
    expect(faultOfFields(line)).toBe(kind);
  });

  it.each(['content-length', 'content-type', 'location', 'transfer-encoding', 'retry-after', 'etag'])(
    'refuses a second %s, also one of the same value',
    (name) => {
      expect(faultOfFields(`${name}: 1`, 'x: y', `${name.toUpperCase()}: 1`)).toBe(`repeated ${name}`);
      expect(faultOfFields(`${name}: 1`, `${name}: 2`)).toBe(`repeated ${name}`);
    },
  );
});

describe('the framing of an answer', () => {
  it.each([
    ...[
      '+5',
      '-5',
      '5,5',
      '5, 5',
      '0x5',
      '5 5',
      '5.0',
      '5e0',
      '',
      ' ',
      '١',
      'five',
      '5;',
      "'5'",
      '1'.repeat(16),
    ],
    ...['99999999999999999999', '18446744073709551621', '0000000000000005'],
  ])('is in doubt with the length %j', (length) => {
    expect(['content length', 'head']).toContain(faultOfFields(`content-length: ${length}`));
  });

  it.each([
    ...[
      'gzip',
      'gzip, chunked',
      'chunked, gzip',
      'chunked, chunked',
      'chunked;q=1',
      'xchunked',
      'identity',
      '',
    ],
    ...['"chunked"', 'chunked,', ',chunked', 'chun ked', 'chunked\x0b', 'chunkeď'],
  ])('is in doubt with the coding %j', (coding) => {
    expect(['transfer coding', 'head']).toContain(faultOfFields(`transfer-encoding: ${coding}`));
  });

  it.each([
    ['Content-Length: 5', 'Transfer-Encoding: chunked'],
    ['transfer-encoding: chunked', 'content-length: 0'],
  ])('is in doubt with both: %s, %s', (one, other) => {
    expect(faultOfFields(one, other)).toBe('two framings');
  });

  it('is not chunked in HTTP/1.0', () => {
    expect(faultOf('HTTP/1.0 200 OK\r\ntransfer-encoding: chunked')).toBe('transfer coding');
  });

  it('is told by length, chunks or the end of the connection', () => {
    expect(head('Content-Length:  7 ').framing('GET')).toEqual({ kind: 'length', bytes: 7 });
    expect(head('Transfer-Encoding: Chunked').framing('GET')).toEqual({ kind: 'chunked' });
    expect(head().framing('GET')).toEqual({ kind: 'close' });
    expect([head('content-length: 007').declaredLength, head().declaredLength]).toEqual([7, -1]);
  });

  it.each([
    ['HEAD', 200],
    ['GET', 103],
    ['GET', 204],
    ['GET', 304],
  ])('is none at all for %s and %i, whatever is declared', (method, status) => {
    for (const field of ['content-length: 5', 'transfer-encoding: chunked', 'x: y']) {
      const answer = new AnswerHead(`HTTP/1.1 ${status} Words\r\n${field}`);
      expect(answer.framing(method)).toEqual({ kind: 'length', bytes: 0 });
    }
  });
});

describe('what an answer says of its connection', () => {
  it.each([
    [true, 'HTTP/1.1 200 OK'],
    [true, 'HTTP/1.1 200 OK\r\nconnection: Keep-Alive'],
    [true, 'HTTP/1.1 200 OK\r\nconnection: x-close, closed'],
    [false, 'HTTP/1.1 200 OK\r\nconnection: Close'],
    [false, 'HTTP/1.1 200 OK\r\nconnection: keep-alive,close'],
    [false, 'HTTP/1.1 200 OK\r\nconnection: x\t,\tCLOSE, y'],
    [false, 'HTTP/1.1 200 OK\r\nconnection: keep-alive\r\nConnection: close'],
    [false, 'HTTP/1.0 200 OK'],
    [false, 'HTTP/1.0 200 OK\r\nconnection: x'],
    [false, 'HTTP/1.0 200 OK\r\nconnection: keep-alive\r\nconnection: close'],
    [true, 'HTTP/1.0 200 OK\r\nconnection: keep-alive'],
  ])('keeps alive %s: %j', (keepsAlive, text) => {
    expect(new AnswerHead(text).keepsAlive).toBe(keepsAlive);
  });

  it.each([
    ['timeout=5', 5_000],
    ['max=3, Timeout=7', 7_000],
    ['timeout=0', 0],
    ['timeout=5', 5_000],
    ['timeout=-5', undefined],
    ['timeout=', undefined],
    ['xtimeout=5', undefined],
    ['max=5', undefined],
    ['', undefined],
  ])('is idle as long as %j says', (hint, idleMs) => {
    expect(head(`keep-alive: ${hint}`).idleMs).toBe(idleMs);
    expect(head('connection: close', `keep-alive: ${hint}`).idleMs).toBeUndefined();
  });
});

describe('a head after another one', () => {
  const lines = [
    'content-type: text/plain',
    'Content-Type: text/plain',
    'content-type:  text/plain ',
    'content-type: text/plain; charset=utf-8',
    'content-type',
    'content-length: 5',
    'content-length: 55',
    'content-length: 5x',
    'transfer-encoding: chunked',
    'connection: close',
    'connection: keep-alive',
    'keep-alive: timeout=5',
    'keep-alive: timeout=50',
    'x: y',
    'x: y\r',
    'x: y\nz: 1',
    'x :y',
    'set-cookie: a=1',
    'set-cookie: a=12',
  ];
  const seen = (text: string, before?: AnswerHead): unknown => {
    try {
      const answer = new AnswerHead(text, before);
      const { status, statusText, fields, keepsAlive, idleMs, headers } = answer;
      return { status, statusText, fields, keepsAlive, idleMs, headers, framing: answer.framing('GET') };
    } catch (error) {
      return String(error);
    }
  };

  it('means what it means alone, however alike they are', () => {
    let at = 0;
    const next = (count: number): number => (at = (at * 1_103_515_245 + 12_345) & 0x7fffffff) % count;
    let before: AnswerHead | undefined;
    for (let round = 0; round < 20_000; round++) {
      const text = [ok, ...Array.from({ length: next(5) }, () => lines[next(lines.length)])].join('\r\n');
      const alone = seen(text);
      expect(seen(text, before)).toEqual(alone);
      if (typeof alone !== 'string') before = new AnswerHead(text, before);
    }
  });
});
