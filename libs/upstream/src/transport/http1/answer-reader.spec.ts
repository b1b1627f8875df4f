import { describe, expect, it } from '@jest/globals';
import { AnswerFault } from './answer-fault.ts';
import { type AnswerHead } from './answer-head.ts';
import { type AnswerListener, AnswerReader, maxHeadBytes } from './answer-reader.ts';

/** Writes down what it is told, the pieces of a body as one. Asks for the next answer as soon as one is over. */
class Scribe implements AnswerListener {
  readonly told: string[] = [];
  pieces = 0;
  fault: string | undefined;
  onHead: () => void = () => undefined;
  onData: () => void = () => undefined;
  readonly reader = new AnswerReader(this);
  readonly #methods: string[];
  #body: string | undefined;

  constructor(...methods: string[]) {
    this.#methods = methods;
    this.#expectNext();
  }

  informed({ status }: AnswerHead): void {
    this.told.push(`informed ${status}`);
    this.onHead();
  }

  headed({ status }: AnswerHead): void {
    this.told.push(`headed ${status}`);
    this.#body = '';
    this.onHead();
  }

  received(chunk: Buffer): void {
    expect(chunk.length).toBeGreaterThan(0);
    this.#body += chunk.toString('latin1');
    this.pieces++;
    this.onData();
  }

  ended(isClean: boolean): void {
    this.told.push(`body ${JSON.stringify(this.#body)}`, isClean ? 'clean' : 'unclean');
    this.#body = undefined;
    if (isClean) this.#expectNext();
  }

  get body(): string | undefined {
    return this.#body;
  }

  /** Through one place for all pieces, as a connection does, with leftovers of others after them. */
  read(...pieces: string[]): this {
    const place = Buffer.alloc(64 * 1024, '\r\n\r\nHTTP/1.1 200 OK\r\n');
    try {
      for (const piece of pieces) this.reader.read(place, place.write(piece, 'latin1'));
    } catch (error) {
      if (!(error instanceof AnswerFault)) throw error;
      this.fault = error.kind;
    }
    return this;
  }

  #expectNext(): void {
    const method = this.#methods.shift();
    if (method !== undefined) this.reader.expect(method);
  }
}

const ok = 'HTTP/1.1 200 OK\r\n';
const sized = (body: string) => `${ok}content-length: ${body.length}\r\n\r\n${body}`;
const chunkedHead = `${ok}transfer-encoding: chunked\r\n\r\n`;

describe('the answers of one connection', () => {
  const inTurn: readonly (readonly [method: string, bytes: string, told: readonly string[]])[] = [
    ['GET', sized('a\r\n\r\nb'), ['headed 200', 'body "a\\r\\n\\r\\nb"', 'clean']],
    ['POST', sized(''), ['headed 200', 'body ""', 'clean']],
    ['GET', `${chunkedHead}1\r\na\r\n2;x\r\nbc\r\n0\r\nt: r\r\n\r\n`, ['headed 200', 'body "abc"', 'clean']],
    [
      'PUT',
      `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n${sized('d')}`,
      ['informed 100', 'informed 103', 'headed 200', 'body "d"', 'clean'],
    ],
    ['HEAD', `${ok}x: y\r\n\r\n`, ['headed 200', 'body ""', 'clean']],
    ['GET', 'HTTP/1.1 204 No Content\r\n\r\n', ['headed 204', 'body ""', 'clean']],
    ['GET', 'HTTP/1.1 304\r\netag: "x"\r\n\r\n', ['headed 304', 'body ""', 'clean']],
    [
      'GET',
      'HTTP/1.0 404 None\r\nconnection: keep-alive\r\ncontent-length: 1\r\n\r\ne',
      ['headed 404', 'body "e"', 'clean'],
    ],
  ];
  const last = `HTTP/1.1 200 OK\r\n\r\n${sized('of the body')}`;
  const methods = [...inTurn.map(([method]) => method), 'GET'];

  it('mean the same, wherever they are cut', () => {
    const told = [...inTurn.flatMap(([, , words]) => words), 'headed 200'];
    for (let at = 0; at <= last.length + 10; at++) {
      const scribe = new Scribe(...methods);
      for (const [, bytes] of inTurn) scribe.read(bytes.slice(0, at), bytes.slice(at));
      scribe.read(last.slice(0, at), last.slice(at));
      expect([at, scribe.fault, scribe.told]).toEqual([at, undefined, told]);
      expect(scribe.reader.finish()).toBe(true);
      expect(scribe.told.slice(-2)).toEqual([`body ${JSON.stringify(sized('of the body'))}`, 'unclean']);
    }
  });

  it('mean the same byte for byte', () => {
    const scribe = new Scribe(...methods);
    for (const [, bytes] of inTurn) scribe.read(...bytes);
    expect(scribe.told).toEqual(inTurn.flatMap(([, , words]) => words));
    expect(scribe.fault).toBeUndefined();
  });

  it.each(inTurn)('%s: are followed by nothing that was not asked for', (method, bytes, told) => {
    for (const extra of ['\r\n', 'x', '\0', sized('foreign')]) {
      const sameTime = new Scribe(method, 'GET').read(bytes + extra);
      expect(sameTime.told).toEqual([...told.slice(0, -1), 'unclean']);
      expect(sameTime.fault).toBe('unasked for');
      const later = new Scribe(method).read(bytes, extra);
      expect(later.told).toEqual(told);
      expect(later.fault).toBe('unasked for');
    }
  });

  it.each(inTurn)('%s: are not over before their last byte', (method, bytes, told) => {
    for (let at = 0; at < bytes.length; at++) {
      const scribe = new Scribe(method).read(bytes.slice(0, at));
      expect(scribe.reader.finish()).toBe(false);
      expect(scribe.told).not.toContain('clean');
      expect(scribe.told).not.toContain('unclean');
      expect(told.slice(0, scribe.told.length)).toEqual(scribe.told);
    }
  });

  it('are asked for before anything is read', () => {
    expect(new Scribe().read(sized('')).fault).toBe('unasked for');
    expect(new Scribe().read('')).toMatchObject({ fault: undefined, told: [] });
    expect(new Scribe().reader.finish()).toBe(false);
  });

  it.each([
    ['HTTP/1.0 200 OK\r\ncontent-length: 1\r\n\r\na'],
    [`${ok}connection: close\r\ncontent-length: 1\r\n\r\na`],
    [`${ok}connection: close\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n`],
  ])('are the last of their connection when they say so: %j', (bytes) => {
    expect(new Scribe('GET').read(bytes).told).toEqual(['headed 200', 'body "a"', 'unclean']);
  });

  it.each([
    ['HEAD', `${ok}content-length: 5`],
    ['HEAD', `${ok}transfer-encoding: chunked`],
    ['GET', 'HTTP/1.1 204 No Content\r\ncontent-length: 5'],
    ['GET', 'HTTP/1.1 204 No Content\r\ntransfer-encoding: chunked'],
    ['GET', 'HTTP/1.1 304 Not Modified\r\ncontent-length: 5'],
  ])(
    'are the last where %s has no body and one is declared, for it may come all the same: %j',
    (method, head) => {
      expect(new Scribe(method).read(`${head}\r\n\r\n`).told.slice(1)).toEqual(['body ""', 'unclean']);
    },
  );
});

describe('a head', () => {
  it.each([
    [
      'status line',
      ['\r\n\r\n', '\n', 'HTTP/2.0 200 OK', 'HTTP/0.9', '<html>', '\0', 'http/1.1', ' HTTP/1.1', 'garbage'],
    ],
    ['head', [`${ok}a\n`, `${ok}a: b\rc`, 'HTTP/1.1 200 OK\n', 'HTTP/1.1 \r200']],
  ])('is refused for its %s before its end has come', (fault, starts) => {
    for (const start of starts) {
      for (const scribe of [new Scribe('GET').read(start), new Scribe('GET').read(...start)]) {
        expect([start, scribe.fault, scribe.told]).toEqual([start, fault, []]);
      }
    }
  });

  it.each([
    ['x : y'],
    [' folded: y'],
    ['x: y\0'],
    ['x: a\r\n\tfolded'],
    ['content-length: 5,5'],
    ['content-length: +5'],
    ['content-length: 1\r\ncontent-length: 1'],
    ['content-length: 1\r\ntransfer-encoding: chunked'],
    ['transfer-encoding: gzip, chunked'],
    ['no colon'],
  ])('is refused for %j, however it comes', (field) => {
    const bytes = `${ok}${field}\r\n\r\n`;
    for (let at = 0; at < bytes.length; at++) {
      const scribe = new Scribe('GET').read(bytes.slice(0, at), `${bytes.slice(at)}body`);
      expect(scribe.fault).toEqual(expect.any(String));
      expect(scribe.told).toEqual([]);
    }
  });

  it('has up to 16 KiB, however it comes', () => {
    const frame = `${ok}x: `;
    const longest = `${frame}${'y'.repeat(maxHeadBytes - frame.length)}`;
    for (let cut = 0; cut < 6; cut++) {
      const at = longest.length - 2 + cut;
      const bytes = `${longest}\r\n\r\n`;
      const fits = new Scribe('GET').read(bytes.slice(0, at), bytes.slice(at));
      expect([cut, fits.fault, fits.told]).toEqual([cut, undefined, ['headed 200']]);
      const over = `${longest}y\r\n\r\n`;
      expect(new Scribe('GET').read(over.slice(0, at), over.slice(at))).toMatchObject({
        fault: 'head too large',
        told: [],
      });
    }
    expect(new Scribe('GET').read(`${longest}yyyy`).fault).toBe('head too large');
  });

  it('is not that of another protocol: nobody asked for one', () => {
    const switching = 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n';
    expect(new Scribe('GET').read(switching + sized(''))).toMatchObject({
      fault: 'interim answer',
      told: [],
    });
  });

  it('is no interim one in chunks, though one may tell of the length to come', () => {
    const interim = (field: string) => `HTTP/1.1 103 Early Hints\r\n${field}\r\n\r\n`;
    expect(new Scribe('GET').read(interim('transfer-encoding: chunked') + sized(''))).toMatchObject({
      fault: 'interim answer',
      told: [],
    });
    expect(new Scribe('GET').read(interim('content-length: 5') + sized('abcde')).told).toEqual([
      'informed 103',
      'headed 200',
      'body "abcde"',
      'clean',
    ]);
    expect(new Scribe('GET').read(`${interim('content-length: 5')}abcde${sized('')}`)).toMatchObject({
      fault: 'status line',
      told: ['informed 103'],
    });
  });

  it('comes after no flood of interim ones', () => {
    const hints = 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(1_000);
    const scribe = new Scribe('GET', 'GET').read(hints + sized(''), hints + sized(''));
    expect(scribe.fault).toBeUndefined();
    expect(scribe.told.filter((word) => word === 'informed 103')).toHaveLength(2_000);
    expect(new Scribe('GET').read(hints, 'HTTP/1.1 103 Early Hints\r\n\r\n').fault).toBe('interim answer');
  });
});

describe('a body', () => {
  it.each(['x\r\n', '1\r\nab', '1\n', `1;${'x'.repeat(17_000)}`, '1000000000000\r\n', '0\r\nx\0'])(
    'is never over when its chunks are broken: %j',
    (chunks) => {
      const scribe = new Scribe('GET').read(chunkedHead + chunks, `\r\n0\r\n\r\n${sized('')}`);
      expect(scribe.fault).toEqual(expect.any(String));
      expect(scribe.told).toEqual(['headed 200']);
    },
  );

  it('comes in few pieces, even if each of its bytes is a chunk', () => {
    const scribe = new Scribe('GET').read(chunkedHead, '1\r\na\r\n'.repeat(1_000), '1\r\nb\r\n0\r\n\r\n');
    expect(scribe.told.slice(1)).toEqual([`body "${'a'.repeat(1_000)}b"`, 'clean']);
    expect(scribe.pieces).toBe(2);
  });

  it('does not change when more is read into the same place', () => {
    const kept: Buffer[] = [];
    const scribe = new Scribe('GET');
    const received = scribe.received.bind(scribe);
    scribe.received = (chunk) => {
      kept.push(chunk);
      received(chunk);
    };
    scribe.read(`${ok}content-length: 8\r\n\r\nab`, 'cd', 'efgh');
    expect(Buffer.concat(kept).toString()).toBe('abcdefgh');
  });
});

describe('a reader that is stopped', () => {
  const wholes = [
    sized('abc'),
    `${chunkedHead}1\r\na\r\n1\r\nb\r\n0\r\n\r\n`,
    `${ok}\r\nto the end`,
    `HTTP/1.1 103 x\r\n\r\n${sized('abc')}`,
    sized(''),
  ];

  it.each(wholes)('at the head of %j tells nobody of anything more', (bytes) => {
    const scribe = new Scribe('GET');
    scribe.onHead = () => scribe.reader.stop();
    scribe.read(bytes);
    expect(scribe.told).toHaveLength(1);
    expect([scribe.pieces, scribe.reader.isIdle, scribe.reader.finish()]).toEqual([0, true, false]);
  });

  it.each(wholes.slice(0, 3))('in the body of %j tells nobody of anything more', (bytes) => {
    for (const pieces of [[bytes], [...bytes]]) {
      const scribe = new Scribe('GET');
      scribe.onData = () => scribe.reader.stop();
      scribe.read(...pieces);
      expect([scribe.told, scribe.pieces, scribe.reader.finish()]).toEqual([['headed 200'], 1, false]);
    }
  });
});
