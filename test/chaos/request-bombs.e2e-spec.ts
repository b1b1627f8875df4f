import { once } from 'node:events';
import { type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { HttpAdapterHost } from '@nestjs/core';
import { ClockRig } from '../support/clock-rig.ts';
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
