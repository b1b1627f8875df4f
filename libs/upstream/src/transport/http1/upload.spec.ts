import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '@facet/testing';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { RecordedExchange } from './test-doubles/recorded-exchange.ts';
import { RecordedOwner } from './test-doubles/recorded-owner.ts';
import { type UpstreamConnection } from './upstream-connection.ts';

const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

let server: Server;
let owner: RecordedOwner;
let connection: UpstreamConnection;
/** What the upstream has seen of the one connection, its head left out. */
let seen: string;
let peer: Promise<Socket>;

beforeEach(async () => {
  seen = '';
  owner = new RecordedOwner(new FakeClock());
  peer = new Promise((resolve) => {
    server = createServer({ noDelay: true }, (socket) => {
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  connection = owner.open(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

afterEach(async () => {
  connection.close();
  (await peer).destroy();
  server.close();
  await once(server, 'close');
});

function upload(body: Readable | Buffer, ...headers: string[]): RecordedExchange {
  const exchange = new RecordedExchange({ method: 'POST', body, headers });
  connection.carry(exchange);
  return exchange;
}

/** What comes after the head, until it is this; or all there is when the connection closes. */
async function bodySeen(whole?: string): Promise<string> {
  const socket = await peer;
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    seen += String(chunk);
    if (whole !== undefined && seen.slice(seen.indexOf('\r\n\r\n') + 4) === whole) break;
  }
  return seen.slice(seen.indexOf('\r\n\r\n') + 4);
}

describe('an upload', () => {
  it.each([
    ['in chunks', [], '2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n'],
    ['of a length', ['content-length', '5'], 'abcde'],
  ])('%s goes out as it comes and leaves the connection to the next', async (_, headers, whole) => {
    const exchange = upload(
      Readable.from([Buffer.from('ab'), Buffer.alloc(0), Buffer.from('cde')]),
      ...headers,
    );
    expect(await bodySeen(whole)).toBe(whole);
    (await peer).write(answer);
    expect(await exchange.over).toEqual(['headed 200', 'ended']);
    expect([owner.idled, owner.closedOnes]).toEqual([[undefined], 0]);
  });

  it('counts the bytes of words, not their letters', async () => {
    upload(Readable.from(['é€', 'a']));
    const whole = '5\r\né€\r\n1\r\na\r\n0\r\n\r\n';
    expect(await bodySeen(whole)).toBe(whole);
  });

  it.each([
    ['shorter', ['abc'], 'abc'],
    ['empty', [], ''],
    ['longer', ['abc', 'def'], 'abc'],
    ['longer in one piece', ['abcdef'], ''],
  ])(
    'that is %s than declared closes the connection, and no byte too many leaves',
    async (_, pieces, sent) => {
      const exchange = upload(
        Readable.from(pieces.map((piece) => Buffer.from(piece))),
        'content-length',
        '5',
      );
      expect(await exchange.over).toEqual(['malformed_request']);
      expect(await bodySeen()).toBe(sent);
      expect([owner.idled, owner.closedOnes]).toEqual([[], 1]);
    },
  );

  it.each<[string, (body: PassThrough) => void]>([
    ['closed', (body) => void body.destroy()],
    ['broken', (body) => void body.destroy(new Error('reset'))],
  ])('that is %s by the client is never ended', async (_, breakOff) => {
    const body = new PassThrough();
    const exchange = upload(body);
    body.write('ab');
    expect(await bodySeen('2\r\nab\r\n')).toBe('2\r\nab\r\n');
    breakOff(body);
    expect(await exchange.over).toEqual(['client_closed_request']);
    expect(await bodySeen()).toBe('2\r\nab\r\n');
    expect(owner.idled).toEqual([]);
  });

  it.each<[string, Error | undefined]>([
    ['closed', undefined],
    ['broken', new Error('reset')],
  ])('that was %s before it could be sent says so, and throws at nobody', async (_, error) => {
    const before = upload(Buffer.from('a'));
    (await peer).write(answer);
    await before.over;
    const body = new PassThrough();
    body.destroy(error);
    expect(await upload(body).over).toEqual(['client_closed_request']);
    expect(await bodySeen()).toMatch(/^aPOST .*\r\n\r\n$/s);
  });

  it('that is answered early is let go of, and its connection closed', async () => {
    const body = new PassThrough();
    const exchange = upload(body);
    body.write('ab');
    await bodySeen('2\r\nab\r\n');
    (await peer).write(answer);
    expect(await exchange.over).toEqual(['headed 200', 'ended']);
    expect([owner.idled, owner.closedOnes, body.destroyed]).toEqual([[], 1, true]);
    expect(await bodySeen()).toBe('2\r\nab\r\n');
  });

  it('that breaks while it is let go of throws at nobody', async () => {
    const body = new PassThrough();
    const exchange = upload(body);
    body.write('ab');
    await bodySeen('2\r\nab\r\n');
    exchange.onHead = () => void body.destroy(new Error('reset'));
    (await peer).write(answer);
    expect((await exchange.over).at(-1)).toBe('ended');
    await new Promise(setImmediate);
  });

  it('waits for an upstream that takes no more, and goes on with it', async () => {
    const total = 40_000_000;
    const piece = Buffer.alloc(100_000, 'x');
    let given = 0;
    const body = new Readable({
      read() {
        this.push(given < total ? piece : null);
        given += piece.length;
      },
    });
    const exchange = upload(body, 'content-length', String(total));
    const socket = await peer;
    for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
    expect(given).toBeLessThan(total / 2);
    let taken = 0;
    socket.on('data', (chunk: Buffer) => {
      taken += chunk.length;
      if (taken > total) socket.write(answer);
    });
    expect(await exchange.over).toEqual(['headed 200', 'ended']);
    expect(owner.idled).toHaveLength(1);
  });

  it.each([50_000_000, 1])(
    'of %i bytes in memory leaves the connection to the next only when all of it is gone',
    async (size) => {
      const exchange = upload(Buffer.alloc(size));
      const socket = await peer;
      if (size === 1) await once(socket, 'data');
      socket.write(answer);
      expect(await exchange.over).toEqual(['headed 200', 'ended']);
      expect([owner.idled.length, owner.closedOnes]).toEqual(size === 1 ? [1, 0] : [0, 1]);
    },
  );
});
