import { once } from 'node:events';
import { type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HttpAdapterHost } from '@nestjs/core';
import { ChaosRig } from '../support/chaos-rig.ts';
import { ClockRig } from '../support/clock-rig.ts';
import { cpuTimeUs } from '../support/cpu-time.ts';
import { sized as atSize } from '../support/full-size.ts';
import { until } from '../support/until.ts';

/** Requests that are far more than a request: refused early, their connection closed, and nothing more of them read. */
const maxReadAfterBytes = 64 * 1024;
const fillerBytes = 8 * 1024 ** 2;
let rig: ClockRig<'orders'>;
let server: Server;

beforeAll(async () => {
  rig = await ClockRig.start({
    upstreams: { orders: {} },
    routes: [{ id: 'pass', path: '/pass/*', upstream: 'orders' }],
  });
  server = rig.gateway.get(HttpAdapterHost).httpAdapter.getHttpServer() as Server;
});
afterAll(() => rig[Symbol.asyncDispose]());

const endpoint = '/api/web/json/orders/1';
const json = 'Content-Type: application/json\r\n';
const get = (target: string, fields = '') => `GET ${target} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`;
const post = (fields: string, body: string | Buffer = '') =>
  Buffer.concat([Buffer.from(`POST ${endpoint} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`), Buffer.from(body)]);
const sized = (body: string | Buffer, fields = json) =>
  post(`${fields}Content-Length: ${body.length}\r\n`, body);
const chunk = (bytes: number) => `${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`;

const bombs: Record<string, [status: number, bytes: string | Buffer]> = {
  'a head of 1 MiB': [431, get(endpoint, `X-A: ${'a'.repeat(1024 ** 2)}\r\n`)],
  '101 fields': [431, get(endpoint, 'X-A: b\r\n'.repeat(101))],
  'a URL of 9 KiB': [414, get(`${endpoint}?${'a'.repeat(9 * 1024)}`)],
  '101 query parameters': [400, get(`${endpoint}?${'a=1&'.repeat(101)}`, 'Connection: close\r\n')],
  'a body that is said to be 1 TiB': [413, post(`${json}Content-Length: ${1024 ** 4}\r\n`)],
  'a route’s body that is said to be 1 TiB': [
    413,
    `POST /api/web/pass/x HTTP/1.1\r\nHost: a\r\nContent-Length: ${1024 ** 4}\r\n\r\n`,
  ],
  'chunks without end': [
    413,
    post(`${json}Transfer-Encoding: chunked\r\n`, chunk(1024 ** 2) + chunk(1024 ** 2)),
  ],
  'chunk extensions without end': [
    413,
    post(`${json}Transfer-Encoding: chunked\r\n`, `1;${'a'.repeat(1024 ** 2)}`),
  ],
  'a gibibyte of zeros in gzip': [
    413,
    sized(
      Buffer.concat(Array<Buffer>(64).fill(gzipSync(Buffer.alloc(16 * 1024 ** 2)))),
      `${json}Content-Encoding: gzip\r\n`,
    ),
  ],
  'codings in codings': [415, sized('x', `${json}Content-Encoding: ${'gzip, '.repeat(50)}gzip\r\n`)],
  'JSON 100,000 deep': [400, sized('['.repeat(100_000))],
  '20,000 keys': [400, sized(`{${Array.from({ length: 20_000 }, (_, n) => `"k${n}":1`).join()}}`)],
  'a body of another type': [415, post(`Content-Type: text/xml\r\nContent-Length: ${1024 ** 3}\r\n`)],
  'a body for nothing': [404, `POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: ${1024 ** 3}\r\n\r\n`],
  'two lengths': [400, post(`${json}Content-Length: 2\r\nContent-Length: 9\r\n`, '{}')],
  'a length and chunks': [400, post(`${json}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n`, '{}')],
  'a length shorter than the body': [400, sized('{}').toString().padEnd(200, 'garbage')],
};

/** Sends the bytes and, once an answer comes, as much more as the other side takes. */
async function attack(bytes: string | Buffer): Promise<{ status: number; readAfterBytes: number }> {
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = connect(Number(new URL(rig.gateway.url).port), '127.0.0.1');
  client.on('error', () => undefined);
  const [inside] = await accepted;
  client.write(bytes);
  const [answer] = (await once(client, 'data')) as [Buffer];
  const readBefore = inside.bytesRead;
  client.resume();
  const filler = Buffer.alloc(64 * 1024, 'x');
  for (let sent = 0; sent < fillerBytes && client.writable; sent += filler.length) {
    if (!client.write(filler))
      await new Promise((resolve) => client.once('drain', resolve).once('close', resolve));
  }
  await until(() => inside.destroyed);
  client.destroy();
  return { status: Number(answer.toString('latin1', 9, 12)), readAfterBytes: inside.bytesRead - readBefore };
}

it.each(Object.entries(bombs))('%s', async (_, [status, bytes]) => {
  const result = await attack(bytes);
  expect(result.status).toBe(status);
  expect(result.readAfterBytes).toBeLessThanOrEqual(maxReadAfterBytes);
});

it('reached the upstream not once', () => {
  expect(rig.upstreams.orders.requests.length).toBe(0);
});

describe('what a bomb costs', () => {
  const times = atSize(20, 200);
  /** An ordinary request, and what is allowed per byte against it. */
  const ordinary = get('/api/mobile/products/1', 'Accept: application/json\r\nUser-Agent: test\r\n');
  const maxRatio = 100;
  /** A heap grows in steps, whatever makes it. */
  const heapStepBytes = 32 * 1024 ** 2;
  let built: ChaosRig<'orders'>;

  beforeAll(async () => {
    built = await ChaosRig.start({
      scripted: ['orders'],
      routes: [{ id: 'pass', path: '/pass/*', upstream: 'orders' }],
    });
  });
  afterAll(() => built[Symbol.asyncDispose]());

  async function send(bytes: string | Buffer): Promise<void> {
    const client = connect(Number(new URL(built.url).port), '127.0.0.1');
    // Who is closed on while he still writes may get an error instead of the answer.
    const answered = Promise.race([once(client, 'data'), once(client, 'close')]).catch(() => undefined);
    client.write(bytes);
    await answered;
    client.destroy();
  }

  /** CPU µs per byte sent. */
  async function costPerByte(bytes: string | Buffer): Promise<number> {
    const { pid } = built.gateway.child;
    if (pid === undefined) throw new Error('the gateway does not run');
    for (let n = 0; n < times / 4; n++) await send(bytes);
    const beforeUs = cpuTimeUs(pid);
    for (let n = 0; n < times; n++) await send(bytes);
    return (cpuTimeUs(pid) - beforeUs) / times / bytes.length;
  }

  const builtBombs = Object.entries(bombs).map(
    ([name, [, bytes]]) =>
      [
        name,
        Buffer.from(
          bytes
            .toString('latin1')
            .replace('/api/web/pass/', '/pass/')
            .replace(endpoint, '/api/mobile/orders'),
          'latin1',
        ),
      ] as const,
  );

  it(`is less than ${maxRatio} times what its bytes would in an ordinary request, and so is its memory`, async () => {
    const ordinaryUs = await costPerByte(ordinary);
    const dear: string[] = [];
    for (const [name, bytes] of builtBombs) {
      const rested = built.forgetPeak();
      const ratio = (await costPerByte(bytes)) / ordinaryUs;
      const grown = built.peakBytes() - rested;
      if (ratio >= maxRatio || grown >= heapStepBytes + maxRatio * bytes.length * times)
        dear.push(`${name}: ${ratio}, ${grown} bytes`);
    }
    expect(dear).toEqual([]);
  });
});
