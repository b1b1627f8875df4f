import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, HttpCode, Post } from '@nestjs/common';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { FakeClock } from '@facet/testing';
import { exchange, startTestGateway } from '@facet/testing/http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { Type } from 'typebox';
import { Answers, type Gateway, ValidBody } from '../index.ts';
import * as http from '../index.ts';

const anything = Type.Object({}, { additionalProperties: true });

@Controller('things')
class ThingsController {
  @Post()
  @HttpCode(200)
  @Answers(Type.Object({ keys: Type.Integer() }))
  post(@ValidBody(anything) body: object) {
    return { keys: Object.keys(body).length };
  }
}

const nested = (depth: number) => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);
const withKeys = (count: number) =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 1])));

describe('bodies', () => {
  let gateway: Gateway;
  let app: NestFastifyApplication;
  beforeAll(async () => {
    const config = { server: { bodyLimitBytes: 256 * 1024 } };
    ({ gateway } = await startTestGateway(http, [ThingsController], { config }));
    app = gateway.app;
  });
  afterAll(() => gateway.close());

  const post = (payload: string | Buffer, headers: Record<string, string> = {}) =>
    app.inject({
      method: 'POST',
      url: '/api/web/things',
      headers: { 'content-type': 'application/json', ...headers },
      payload,
    });

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
    'application/json;charset=UTF-8',
  ])('takes %s', async (type) => {
    expect((await post('{"a":1}', { 'content-type': type })).json()).toEqual({ keys: 1 });
  });

  it.each([
    'application/json garbage',
    'application/json\ta',
    'application/json; garbage',
    'application/json; charset=latin1',
    'application/json; charset=utf-8; charset=latin1',
    'application/jsonp',
    'application/vnd.api+json',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    '*/*',
  ])('refuses %s with 415', async (type) => {
    expect((await post('{"a":1}', { 'content-type': type })).statusCode).toBe(415);
  });

  it('refuses a body without a type', async () => {
    const response = await app.inject({ method: 'POST', url: '/api/web/things', payload: Buffer.from('{}') });
    expect(response.statusCode).toBe(415);
  });

  it.each([
    ['64 deep', nested(64), 200],
    ['65 deep', nested(65), 400],
    ['65 arrays deep', `{"a":${'['.repeat(64)}${']'.repeat(64)}}`, 400],
    ['a thousand deep', '['.repeat(100_000), 400],
    ['10,000 keys', withKeys(10_000), 200],
    ['10,001 keys', withKeys(10_001), 400],
    ['braces and colons in strings', JSON.stringify({ a: '{[:'.repeat(20_000), b: '\\"{' }), 200],
    ['__proto__', '{"a":{"__proto__":{"x":1}}}', 400],
    ['__proto__ in escapes', '{"a":[{"\\u005f_proto__":1}]}', 400],
    ['constructor.prototype', '{"constructor":{"prototype":{"x":1}}}', 400],
    ['constructor.prototype in escapes', '{"\\u0063onstructor":{"prototype":1}}', 400],
    ['a constructor of another kind', '{"constructor":"ACME"}', 200],
    ['broken JSON', '{"a":', 400],
    ['two values', '{} {}', 400],
    ['a byte order mark', '\ufeff{}', 400],
    ['NaN', '{"a":NaN}', 400],
  ])('%s: %d', async (_name, body, status) => {
    const response = await post(body);
    expect(response.statusCode).toBe(status);
    if (status === 400) expect(response.json()).toMatchObject({ reason: 'malformed_request' });
  });

  it('refuses what is not UTF-8', async () => {
    expect((await post(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).statusCode).toBe(400);
  });

  it('does not quote a broken body', async () => {
    expect((await post('{"password":"hunter2" oops')).body).not.toContain('hunter2');
  });

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('undoes %s', async (coding, compress) => {
    const response = await post(compress('{"a":1,"b":2}'), { 'content-encoding': coding });
    expect(response.json()).toEqual({ keys: 2 });
  });

  it.each(['zstd', 'gzip, gzip', 'compress', 'toString'])('refuses the coding %s', async (coding) => {
    const response = await post('{}', { 'content-encoding': coding });
    expect(response.statusCode).toBe(415);
    expect(response.headers['accept-encoding']).toBe('gzip, deflate, br');
  });

  it('counts what comes out of a coding', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '));
    const response = await post(bomb, { 'content-encoding': 'gzip' });
    expect(response.statusCode).toBe(413);
    expect(response.headers['connection']).toBe('close');
  });

  it.each([
    ['broken', Buffer.from('not gzip at all')],
    ['cut short', gzipSync('{"a":"aaaaaaaaaaaaaaaaaaaa"}').subarray(0, 20)],
    ['broken brotli', Buffer.from('not brotli at all'), 'br'],
  ])('refuses a coded body that is %s', async (_name, body, coding = 'gzip') => {
    expect((await post(body, { 'content-encoding': coding })).statusCode).toBe(400);
  });

  it('refuses a body over the limit by its announced length, unread', async () => {
    const head = 'POST /api/web/things HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
    const answer = await exchange(gateway.url, `${head}Content-Length: 1073741824\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toMatch(/connection: close/i);
  });

  it('refuses a chunked body as soon as it is over the limit', async () => {
    const head = 'POST /api/web/things HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
    const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`;
    const answer = await exchange(gateway.url, `${head}Transfer-Encoding: chunked\r\n\r\n`, chunk.repeat(5));
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('does not wait for a slow body beyond the deadline', async () => {
    const clock = new FakeClock();
    const slow = await startTestGateway(http, [ThingsController], { clock });
    const idleTimers = clock.pendingTimers;
    const head = 'POST /api/web/things HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
    const answer = exchange(slow.gateway.url, `${head}Content-Length: 100\r\n\r\n{"a":`);
    while (clock.pendingTimers === idleTimers) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(10_000);
    expect(await answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(await answer).toContain('"reason":"request_timeout"');
    await slow.gateway.close();
  });

  it('keeps no time for a body that was refused', async () => {
    const clock = new FakeClock();
    const { gateway: timed } = await startTestGateway(http, [ThingsController], { clock });
    const idleTimers = clock.pendingTimers;
    const head = 'POST /api/web/things HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
    expect(await exchange(timed.url, `${head}Content-Length: 1073741824\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 413 /,
    );
    while (clock.pendingTimers > idleTimers) await new Promise((resolve) => setImmediate(resolve));
    await timed.close();
  });

  it('does not read the body of what it refuses anyway', async () => {
    const answer = await exchange(
      gateway.url,
      'POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).toMatch(/connection: close/i);
  });
});
