import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Family, startFamily } from '../support/family.ts';
import { onlyAnswer } from '../support/wire.ts';

const MiB = 1024 * 1024;
const deadlineMs = 1_000;

let family: Family;
let token: string;
beforeAll(async () => {
  family = await startFamily(['mobile'], {
    TIERS_FILE: join(import.meta.dirname, '../support/unlimited-tiers.json'),
    REQUEST_DEADLINE_MS: String(deadlineMs),
  });
  token = await family.mobile.client.login('/api/mobile', 'enterprise');
});
afterAll(() => family.stop());

const url = (): string => family.mobile.gateway.url;
const postHead = (...lines: string[]): string =>
  [
    'POST /api/mobile/orders HTTP/1.1',
    'Host: a',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    ...lines,
    '\r\n',
  ].join('\r\n');

async function open(): Promise<Socket> {
  const { hostname, port } = new URL(url());
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** However it ends: a reset is a way to close, too. */
function closed(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => socket.once('close', resolve));
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${family.mobile.gateway.managementUrl}/metrics`)).text();
  return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, 'm').exec(text)?.[1]);
}

describe('a slow client', () => {
  it('has until the deadline to send its body, and is told so', async () => {
    const startedAt = performance.now();
    const answer = await onlyAnswer(url(), postHead('Content-Length: 100'), '{"items":');
    expect(answer).toMatchObject({
      status: 408,
      json: { reason: 'request_timeout' },
      headers: { connection: 'close' },
    });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(deadlineMs - 50);
    expect(family.stack.services.orders.hits()).toEqual({});
  });

  it('gains nothing by sending a byte now and then', async () => {
    const socket = await open();
    let received = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (received += chunk));
    socket.write(postHead('Transfer-Encoding: chunked'));
    const drip = setInterval(() => socket.write('1\r\n \r\n'), 20);
    await closed(socket);
    clearInterval(drip);
    expect(received).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('holds a connection and nothing else: 300 of them do not slow the others', async () => {
    const slow = await Promise.all(Array.from({ length: 300 }, open));
    for (const socket of slow) socket.write('GET /api/mobile/products HTTP/1.1\r\nHost: a\r\nX-Slow: ');
    const statuses = await Promise.all(
      Array.from(
        { length: 50 },
        async () => (await family.mobile.client.get('/api/mobile/products?limit=1')).status,
      ),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    for (const socket of slow) socket.destroy();
  });
});

describe('a client that announces more than it may send', () => {
  it('is refused by its word, before a byte of the body, and is not asked to go on', async () => {
    const answer = await onlyAnswer(url(), postHead('Content-Length: 1073741824', 'Expect: 100-continue'));
    expect(answer).toMatchObject({ status: 413, headers: { connection: 'close' } });
  });

  it.each([
    ['a large body', () => postHead('Content-Length: 1073741824')],
    ['a body without a token', () => postHead('Content-Length: 1000000').replace(token, 'x.y.z')],
    ['a body nobody takes', () => postHead('Content-Length: 1073741824').replace('/orders', '/nothing')],
    ['a body of a GET', () => postHead('Content-Length: 1073741824').replace('POST', 'GET')],
    ['a body of an OPTIONS', () => postHead('Content-Length: 1073741824').replace('POST', 'OPTIONS')],
    ['endless chunks', () => postHead('Transfer-Encoding: chunked')],
  ])('can push no more than what lies in the buffers of the system: %s', async (_name, head) => {
    const socket = await open();
    const end = closed(socket);
    socket.on('data', () => undefined).write(head());
    const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`;
    const push = (): void => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('drain', push);
    push();
    await end;
    expect(socket.bytesWritten - socket.writableLength).toBeLessThan(16 * MiB);
  });
});

describe('a compression bomb', () => {
  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ] as const)(
    'of %s is cut at the body limit and leaves nothing behind, 120 of them',
    async (coding, compress) => {
      const bomb = compress(Buffer.alloc(4 * MiB));
      const head = postHead(
        `Content-Encoding: ${coding}`,
        `Content-Length: ${bomb.length}`,
        'Connection: close',
      );
      const explode = (count: number) =>
        Promise.all(Array.from({ length: count }, () => onlyAnswer(url(), head, bomb)));
      for (let round = 0; round < 8; round++) await explode(5);
      const before = await metric('process_resident_memory_bytes');
      for (let round = 0; round < 24; round++) {
        const answers = await explode(5);
        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([413]));
      }
      expect((await metric('process_resident_memory_bytes')) - before).toBeLessThan(64 * MiB);
    },
  );
});

describe('a greedy pipeline', () => {
  it('of 2,000 requests on one connection is answered whole and in order, or closed', async () => {
    const one = 'GET /health HTTP/1.1\r\nHost: a\r\n\r\n';
    const socket = await open();
    let received = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (received += chunk));
    socket.write(one.repeat(1_999) + one.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    await closed(socket);
    expect(received.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2_000);
  });
});

describe('all of that', () => {
  it('leaves the gateway as it was: nothing in flight, no connection kept, no fault logged', async () => {
    expect((await family.mobile.client.get('/health')).status).toBe(200);
    expect(await metric('gateway_requests_in_flight')).toBe(0);
    expect(family.mobile.gateway.stderr()).toBe('');
    expect(family.mobile.gateway.log.filter(({ level }) => level === 'error' || level === 'fatal')).toEqual(
      [],
    );
  });
});
