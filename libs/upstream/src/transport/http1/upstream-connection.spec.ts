import { GatewayError } from '@facet/errors';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type Answer,
  hang,
  hangUp,
  json,
  large,
  raw,
  reset,
  ScriptedUpstream,
  text,
} from '@facet/testing/upstreams';
import { FakeClock } from '@facet/testing';
import { type Socket } from 'node:net';
import { RecordedExchange } from './test-doubles/recorded-exchange.ts';
import { RecordedOwner } from './test-doubles/recorded-owner.ts';

const ok = 'HTTP/1.1 200 OK\r\n';
const sized = (body: string) => `${ok}content-length: ${body.length}\r\n\r\n${body}`;
const left = new GatewayError('client_closed_request');

let upstream: ScriptedUpstream;
let owner: RecordedOwner;
let clock: FakeClock;

beforeEach(async () => {
  upstream = await ScriptedUpstream.start(text('whole'));
  clock = new FakeClock();
  owner = new RecordedOwner(clock);
});

afterEach(async () => {
  expect(clock.pendingTimers).toBe(0);
  await upstream[Symbol.asyncDispose]();
});

/** A connection, and what the first request on it is told when it is over. */
async function first(answer: Answer, exchange = new RecordedExchange()) {
  upstream.next(answer);
  const connection = owner.open(upstream.url);
  connection.carry(exchange);
  return { connection, exchange, told: await exchange.over };
}

/** Nothing of the connection is left, and nobody was told that it may be used again. */
async function expectClosed(): Promise<void> {
  await owner.closedUpTo(1);
  await upstream.closedDownTo(0);
  expect(owner.idled).toEqual([]);
}

/** Lets what is on its way through the machine arrive. */
async function turns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
}

describe('a connection that is used again', () => {
  it.each<[string, Answer]>([
    ['a length', text('whole')],
    ['chunks', raw(`${ok}transfer-encoding: chunked\r\n\r\n2\r\nwh\r\n3;x\r\nole\r\n0\r\nx: y\r\n\r\n`)],
    ['no body', raw('HTTP/1.1 204 No Content\r\n\r\n')],
    ['HTTP/1.0 that keeps it', raw('HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 0\r\n\r\n')],
    [
      'a length after interim ones',
      raw(`HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 X\r\n\r\n${sized('whole')}`),
    ],
  ])('was left clean by an answer with %s', async (_, answer) => {
    const { connection, told } = await first(answer);
    expect(told.at(-1)).toBe('ended');
    const second = new RecordedExchange({ path: '/second' });
    connection.carry(second);
    expect([await second.over, second.body]).toEqual([['headed 200', 'ended'], 'whole']);
    expect(upstream.requests.map(({ target, connection: on }) => [target, on])).toEqual([
      ['/', 1],
      ['/second', 1],
    ]);
    expect([owner.idled, owner.closedOnes]).toEqual([[undefined, undefined], 0]);
    connection.close();
  });

  it('is good for as long as the upstream says', async () => {
    const { connection } = await first(json({}, { headers: { 'keep-alive': 'timeout=7' } }));
    const second = new RecordedExchange();
    connection.carry(second);
    await second.over;
    expect(owner.idled).toEqual([7_000, undefined]);
    connection.close();
  });

  it.each<[string, string]>([
    ['when they come with it', `${sized('whole')}${sized('foreign')}`],
    ['when they are no answer', `${sized('whole')}\r\n`],
  ])('was not followed by more bytes, %s', async (_, bytes) => {
    const { exchange, told } = await first(raw(bytes));
    expect([told, exchange.body]).toEqual([['headed 200', 'ended'], 'whole']);
    await expectClosed();
  });

  it.each<[string, (socket: Socket) => void]>([
    ['sends more', (socket) => void socket.write(sized('foreign'))],
    ['ends', (socket) => void socket.end()],
    ['is reset', (socket) => void socket.resetAndDestroy()],
  ])('is not one that %s while nobody asks', async (_, then) => {
    let peer: Socket | undefined;
    const { exchange, told } = await first((socket, request) => {
      peer = socket;
      return text('whole')(socket, request);
    });
    expect([told, owner.closedOnes]).toEqual([['headed 200', 'ended'], 0]);
    then(peer!);
    await owner.closedUpTo(1);
    await upstream.closedDownTo(0);
    expect([exchange.told, exchange.body]).toEqual([['headed 200', 'ended'], 'whole']);
  });

  it.each<[string, string]>([
    ['says close', `${ok}connection: close\r\ncontent-length: 5\r\n\r\nwhole`],
    ['is of HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 5\r\n\r\nwhole'],
  ])('is not one whose answer %s', async (_, bytes) => {
    const { exchange } = await first(raw(bytes));
    expect([exchange.told, exchange.body]).toEqual([['headed 200', 'ended'], 'whole']);
    await expectClosed();
  });

  it('is not one whose end was the end of the answer', async () => {
    const { exchange } = await first(raw(`${ok}\r\n${sized('whole')}`, 'end'));
    expect([exchange.told, exchange.body]).toEqual([['headed 200', 'ended'], sized('whole')]);
    await expectClosed();
  });
});

describe('a request that fails', () => {
  it.each<[string, Answer, string[]]>([
    ['reset before the head', reset, ['connection_terminated']],
    ['closed before the head', hangUp, ['connection_terminated']],
    ['closed in the head', raw(`${ok}x: y`, 'end'), ['connection_terminated']],
    [
      'closed after interim ones',
      raw('HTTP/1.1 103 X\r\n\r\n', 'end'),
      ['informed 103', 'connection_terminated'],
    ],
    [
      'reset in the body',
      raw(`${ok}content-length: 5\r\n\r\nwh`, 'reset'),
      ['headed 200', 'upstream_response_incomplete'],
    ],
    [
      'closed in the body',
      raw(`${ok}content-length: 5\r\n\r\nwh`, 'end'),
      ['headed 200', 'upstream_response_incomplete'],
    ],
    [
      'closed in a chunk',
      raw(`${ok}transfer-encoding: chunked\r\n\r\n5\r\nwhole\r\n0\r\n`, 'end'),
      ['headed 200', 'upstream_response_incomplete'],
    ],
    ['answered with garbage', raw('\0\x01\r\n'), ['upstream_protocol_error']],
    ['answered in HTTP/2', raw('HTTP/2.0 200 OK\r\n\r\n'), ['upstream_protocol_error']],
    [
      'answered twice at once, once in doubt',
      raw('HTTP/1.1 200 OK\nx: y\r\n\r\n'),
      ['upstream_protocol_error'],
    ],
    [
      'switched to another protocol',
      raw('HTTP/1.1 101 X\r\nupgrade: x\r\n\r\n'),
      ['upstream_protocol_error'],
    ],
    [
      'answered with a broken chunk',
      raw(`${ok}transfer-encoding: chunked\r\n\r\n5\r\nwhole\r\nx\r\n`),
      ['headed 200', 'upstream_protocol_error'],
    ],
    ['answered with an endless head', raw(`${ok}x: ${'y'.repeat(17_000)}`), ['upstream_protocol_error']],
  ])('because it was %s says so once, and closes the connection', async (_, answer, told) => {
    const { exchange } = await first(answer);
    await expectClosed();
    await turns();
    expect(exchange.told).toEqual(told);
  });

  it('because nobody listens says so', async () => {
    const exchange = new RecordedExchange();
    owner.open('http://127.0.0.1:1').carry(exchange);
    expect(await exchange.over).toEqual(['connection_refused']);
    expect(owner.closedOnes).toBe(1);
  });

  it('because connecting takes too long says so', async () => {
    upstream.always(hang);
    const exchange = new RecordedExchange();
    owner.open(upstream.url.replace('http', 'https'), 30).carry(exchange);
    expect(await exchange.over).toEqual(['connection_timeout']);
    await expectClosed();
  });

  it('because its listener throws takes nobody with it', async () => {
    const exchange = new RecordedExchange();
    exchange.onHead = () => {
      throw new Error('a fault of ours');
    };
    const { told } = await first(text('whole'), exchange);
    expect(told).toEqual(['headed 200', 'upstream_response_incomplete']);
    await expectClosed();
  });

  it.each<[string, object]>([
    ['a value that ends its line', { headers: ['x', 'y\r\nx: z'] }],
    ['a value of other characters', { headers: ['x', '\u010a'] }],
    ['a path that ends its line', { path: '/ HTTP/1.1\r\nx: y\r\n\r\n' }],
    ['two lengths', { headers: ['content-length', '1', 'content-length', '2'] }],
  ])('because it has %s is never sent', async (_, request) => {
    const { told } = await first(text('whole'), new RecordedExchange(request));
    expect(told).toEqual(['malformed_request']);
    await expectClosed();
    expect(upstream.requests).toHaveLength(0);
  });
});

describe('a request given up', () => {
  it('while connecting is never sent', async () => {
    const exchange = new RecordedExchange();
    const connection = owner.open(upstream.url);
    connection.carry(exchange);
    connection.abort(left);
    connection.abort(left);
    expect(await exchange.over).toEqual(['client_closed_request']);
    await expectClosed();
    await turns();
    expect([upstream.requests.length, exchange.told.length]).toEqual([0, 1]);
  });

  it('before the head is told so once, and the upstream sees its connection closed', async () => {
    upstream.always(hang);
    const exchange = new RecordedExchange();
    const connection = owner.open(upstream.url);
    connection.carry(exchange);
    await upstream.received(1);
    connection.abort(left);
    expect(await exchange.over).toEqual(['client_closed_request']);
    await expectClosed();
  });

  it.each(['its head', 'its body'])('by whoever is told of %s hears no more', async (when) => {
    for (const answer of [
      raw(sized('whole') + sized('foreign')),
      raw(`${ok}transfer-encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n`),
      large(10_000_000),
    ]) {
      owner = new RecordedOwner(clock);
      const exchange = new RecordedExchange();
      const abort = () => exchange.abort(left);
      if (when === 'its head') exchange.onHead = abort;
      else exchange.onData = abort;
      await first(answer, exchange);
      await expectClosed();
      expect(exchange.told).toEqual(['headed 200', 'client_closed_request']);
    }
  });
});

describe('a body', () => {
  async function heldBack(answer: Answer) {
    upstream.next(answer);
    const exchange = new RecordedExchange();
    exchange.takesMore = false;
    const held = new Promise<void>((resolve) => (exchange.onData = resolve));
    const connection = owner.open(upstream.url);
    connection.carry(exchange);
    await held;
    return { connection, exchange };
  }

  it('comes no faster than it is taken', async () => {
    const { connection, exchange } = await heldBack(large(3_000_000));
    const before = exchange.body.length;
    await turns();
    expect(exchange.body.length).toBe(before);
    exchange.onData = () => setImmediate(() => connection.resume());
    connection.resume();
    expect((await exchange.over).at(-1)).toBe('ended');
    expect([exchange.body.length, owner.idled.length]).toEqual([3_000_000, 1]);
    connection.close();
  });

  it('that is held back with its last byte leaves a connection that reads', async () => {
    const { connection, exchange } = await heldBack(text('whole'));
    expect(await exchange.over).toEqual(['headed 200', 'ended']);
    const second = new RecordedExchange();
    connection.carry(second);
    expect([await second.over, second.body]).toEqual([['headed 200', 'ended'], 'whole']);
    connection.close();
  });

  it('that is over holds nobody up who resumes it late', async () => {
    const { connection } = await first(text('whole'));
    connection.resume();
    expect(clock.pendingTimers).toBe(0);
    connection.close();
    const { connection: broken, exchange } = await heldBack(large(3_000_000));
    broken.abort(left);
    await exchange.over;
    broken.resume();
    expect(clock.pendingTimers).toBe(0);
  });

  it('must go on within the limit, which whoever holds it back does not use up', async () => {
    const { connection, exchange } = await heldBack(raw(`${ok}content-length: 10\r\n\r\nwhole`));
    await clock.advance(10_000);
    expect(exchange.told).toEqual(['headed 200']);
    connection.resume();
    await clock.advance(999);
    expect(exchange.told).toEqual(['headed 200']);
    await clock.advance(1);
    expect(await exchange.over).toEqual(['headed 200', 'upstream_timeout']);
    await expectClosed();
  });
});
