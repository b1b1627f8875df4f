import { join } from 'node:path';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Family, startFamily } from '../support/family.ts';
import { bytesOf, onlyAnswer } from '../support/wire.ts';

let family: Family;
let token: string;
beforeAll(async () => {
  family = await startFamily(['mobile'], {
    TIERS_FILE: join(import.meta.dirname, '../support/unlimited-tiers.json'),
  });
  token = await family.mobile.client.login('/api/mobile', 'enterprise');
});
afterAll(() => family.stop());
beforeEach(() => Object.values(family.stack.services).forEach((service) => service.clearHits()));

const url = (): string => family.mobile.gateway.url;
const products = '/api/mobile/products';
const MiB = 1024 * 1024;

const upstreamHits = (): Record<string, number> =>
  Object.assign({}, ...Object.values(family.stack.services).map((service) => service.hits())) as Record<
    string,
    number
  >;

async function get(target: string, lines: string[] = [], keepAlive = false) {
  const answer = await onlyAnswer(url(), bytesOf({ target, lines, keepAlive }));
  const { status, headers, json } = answer;
  return { status, closes: headers['connection'] === 'close', reason: json?.reason as unknown };
}
/** Refused, and closed without having been asked to. */
async function refused(target: string, lines: string[] = []) {
  const { closes, ...answer } = await get(target, lines, true);
  expect(closes).toBe(true);
  return answer;
}

interface PostOptions {
  readonly path?: string;
  readonly keepAlive?: boolean;
}

async function post(
  body: string | Buffer,
  lines: string[] = [],
  { path = '/api/mobile/orders', keepAlive = false }: PostOptions = {},
) {
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: a',
    `Authorization: Bearer ${token}`,
    ...(lines.some((line) => line.startsWith('Content-Type')) ? [] : ['Content-Type: application/json']),
    ...(lines.some((line) => line.startsWith('Transfer-Encoding'))
      ? []
      : [`Content-Length: ${Buffer.byteLength(body)}`]),
    ...lines,
    ...(keepAlive ? [] : ['Connection: close']),
  ];
  const answer = await onlyAnswer(url(), `${head.join('\r\n')}\r\n\r\n`, Buffer.from(body));
  return { status: answer.status, reason: answer.json?.reason as unknown, headers: answer.headers };
}

const order = (extra: object = {}): string =>
  JSON.stringify({ items: [{ productId: 'prd_0001', quantity: 1 }], ...extra });

describe('a request line and header section', () => {
  it('may have 8 KiB of URL and not a byte more', async () => {
    const target = `${products}?cursor=`;
    const longest = target + 'a'.repeat(8192 - target.length);
    expect(await get(longest)).toMatchObject({ status: 400, reason: 'invalid_input' });
    expect(await refused(`${longest}a`)).toEqual({ status: 414, reason: 'uri_too_long' });
    expect(await refused(`/${'a'.repeat(8192)}`)).toMatchObject({ status: 414 });
  });

  it('may have 100 fields and not one more', async () => {
    const fields = (count: number): string[] => Array.from({ length: count }, (_, index) => `X-${index}: 1`);
    // Host, and in the first request Connection, are fields too.
    expect(await get(products, fields(98))).toMatchObject({ status: 200 });
    expect(await refused(products, fields(100))).toEqual({ status: 431, reason: 'headers_too_large' });
  });

  it('may have 16 KiB of fields and no more', async () => {
    expect(await get(products, [`X-Big: ${'a'.repeat(15 * 1024)}`])).toMatchObject({ status: 200 });
    for (const lines of [
      [`X-Big: ${'a'.repeat(16 * 1024)}`],
      Array.from({ length: 60 }, (_, index) => `X-${index}: ${'a'.repeat(300)}`),
      [`${'X'.repeat(17_000)}: 1`],
    ]) {
      expect(await refused(products, lines)).toEqual({ status: 431, reason: 'headers_too_large' });
    }
  });

  it('may have 100 query parameters, known or not, and not one more', async () => {
    const query = (count: number): string =>
      `${products}?${Array.from({ length: count }, (_, i) => `p${i}`).join('&')}`;
    expect(await get(query(100))).toMatchObject({ status: 400, reason: 'invalid_input' });
    expect(await get(query(101))).toMatchObject({ status: 400, reason: 'malformed_request' });
    expect(await get(`${products}?${'&'.repeat(5000)}`)).toMatchObject({
      status: 400,
      reason: 'malformed_request',
    });
  });
});

describe('a body', () => {
  const padded = (bytes: number): string => `{"a":"${'x'.repeat(bytes - 8)}"}`;

  const tooLarge = { status: 413, reason: 'body_too_large', headers: { connection: 'close' } };

  it('may have 1 MiB and not a byte more, announced or not', async () => {
    expect(await post(padded(MiB))).toMatchObject({ status: 400, reason: 'invalid_input' });
    expect(await post(padded(MiB + 1), [], { keepAlive: true })).toMatchObject(tooLarge);
    const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
    const chunked = ['Transfer-Encoding: chunked'];
    expect(await post(chunk(padded(MiB)), chunked)).toMatchObject({ status: 400, reason: 'invalid_input' });
    expect(await post(chunk(padded(MiB + 1)), chunked, { keepAlive: true })).toMatchObject(tooLarge);
  });

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('in %s is counted as what comes out', async (coding, compress) => {
    const lines = [`Content-Encoding: ${coding}`];
    expect(await post(compress(order()), lines)).toMatchObject({ status: 201 });
    expect(await post(compress(padded(MiB)), lines)).toMatchObject({ status: 400, reason: 'invalid_input' });
    expect(await post(compress(padded(MiB + 1)), lines, { keepAlive: true })).toMatchObject(tooLarge);
  });

  it.each(['gzip, gzip', 'br, gzip', 'zstd', 'compress', 'chunked', 'GZIP;q=1', 'constructor'])(
    'in the coding %s is 415',
    async (coding) => {
      expect(await post(gzipSync(order()), [`Content-Encoding: ${coding}`])).toMatchObject({
        status: 415,
        reason: 'unsupported_media_type',
      });
    },
  );

  it('that a coding only pretends to be is 400', async () => {
    for (const body of [
      'not gzip',
      gzipSync(order()).subarray(0, 20),
      Buffer.concat([gzipSync(order()), Buffer.from('more')]),
    ]) {
      expect(await post(body, ['Content-Encoding: gzip'])).toMatchObject({ status: 400 });
    }
    expect(upstreamHits()).toEqual({});
  });

  it.each([
    ['64 levels deep', `{"a":${'['.repeat(63)}${']'.repeat(63)}}`, 'invalid_input'],
    ['65 levels deep', `{"a":${'['.repeat(64)}${']'.repeat(64)}}`, 'malformed_request'],
    ['100,000 levels deep', '['.repeat(100_000), 'malformed_request'],
    ['10,000 keys', `{${Array.from({ length: 10_000 }, (_, i) => `"k${i}":1`).join()}}`, 'invalid_input'],
    ['10,001 keys', `{${Array.from({ length: 10_001 }, (_, i) => `"k${i}":1`).join()}}`, 'malformed_request'],
    ['a million zeros', `{"a":${'0'.repeat(900_000)}}`, 'malformed_request'],
    ['a number of a million digits', `{"items":${'1'.repeat(900_000)}}`, 'invalid_input'],
    ['an empty body', '', 'malformed_request'],
    ['a blank body', '   ', 'malformed_request'],
    ['a byte order mark', `\ufeff${order()}`, 'malformed_request'],
    ['two documents', `${order()}${order()}`, 'malformed_request'],
    ['a comment', `${order()}//`, 'malformed_request'],
    ['no UTF-8', Buffer.from('{"a":"\xff"}', 'latin1'), 'malformed_request'],
    ['UTF-16', Buffer.from(order(), 'utf16le'), 'malformed_request'],
    ['a list in place of an object', '[]', 'invalid_input'],
    ['null', 'null', 'invalid_input'],
    ['an unknown member', order({ discount: 100 }), 'invalid_input'],
  ])('with %s is 400', async (_name, body, reason) => {
    expect(await post(body)).toMatchObject({ status: 400, reason });
    expect(upstreamHits()).toEqual({});
  });
});

describe('a prototype', () => {
  it.each([
    '{"__proto__":{"customerId":"usr_free"},"items":[]}',
    '{"items":[{"productId":"prd_0001","quantity":1,"__proto__":{"a":1}}]}',
    '{"items":[],"\\u005f\\u005fproto\\u005f\\u005f":{"a":1}}',
    '{"items":[],"constructor":{"prototype":{"a":1}}}',
    '{"items":[],"a":[[{"constructor":{"\\u0070rototype":1}}]]}',
    '{"items":[],"__proto__":null}',
  ])('in the body %s is 400', async (body) => {
    expect(await post(body)).toMatchObject({ status: 400, reason: 'malformed_request' });
    expect(upstreamHits()).toEqual({});
  });

  it.each([
    '__proto__=1',
    '__proto__[a]=1',
    'constructor=1',
    'constructor.prototype=1',
    'constructor[prototype][a]=1',
    'limit=1&__proto__=1',
    '%5f%5fproto__=1',
    'toString=1',
  ])('in the query %s is 400', async (query) => {
    expect(await get(`${products}?${query}`)).toMatchObject({ status: 400, reason: 'invalid_input' });
  });
});

describe('a method', () => {
  it.each(['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override', 'X-Original-Method'])(
    'is never taken from %s',
    async (name) => {
      const lines = [`Authorization: Bearer ${token}`, `${name}: POST`];
      const { status } = await onlyAnswer(url(), bytesOf({ target: '/api/mobile/orders', lines }));
      expect(status).toBe(200);
      expect(family.stack.services.orders.last()?.method).toBe('GET');
      expect(await post('{}', [`${name}: GET`], { path: products })).toMatchObject({ status: 405 });
    },
  );

  it('is never taken from the query or the body', async () => {
    expect(await get(`${products}?_method=POST`)).toMatchObject({ status: 400 });
    expect(await post(order({ _method: 'GET' }))).toMatchObject({ status: 400, reason: 'invalid_input' });
  });
});

describe('a path', () => {
  it.each([
    'X-Original-URL',
    'X-Rewrite-URL',
    'X-Forwarded-Prefix',
    'X-Forwarded-Uri',
    'X-Envoy-Original-Path',
  ])('is never taken from %s', async (name) => {
    expect(await get('/api/mobile/user', [`${name}: /api/mobile/products`])).toMatchObject({ status: 401 });
    expect(await get(products, [`${name}: /api/mobile/user`])).toMatchObject({ status: 200 });
  });
});
