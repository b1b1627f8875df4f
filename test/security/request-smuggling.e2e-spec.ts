import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Family, startFamily } from '../support/family.ts';
import { cutShort, onlyAnswer, onTheWire } from '../support/wire.ts';

let family: Family;
let token: string;
beforeAll(async () => {
  family = await startFamily(['mobile']);
  token = await family.mobile.client.login('/api/mobile', 'enterprise');
});
afterAll(() => family.stop());

const orders = () => family.stack.services.orders;
beforeEach(() => orders().clearHits());
const url = (): string => family.mobile.gateway.url;

const order = JSON.stringify({ items: [{ productId: 'prd_0001', quantity: 1 }] });
/** What an attacker hides: it would be served, were it taken for a request of its own. */
const hidden = (): string =>
  `GET /api/mobile/orders HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n\r\n`;
/** A good order but for these lines and this body. */
const post = (lines: string, body: string, version = 'HTTP/1.1'): string =>
  `POST /api/mobile/orders ${version}\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n` +
  `Content-Type: application/json\r\n${lines}\r\n${body}`;
const get = (lines: string, requestLine = 'GET /api/mobile/orders HTTP/1.1'): string =>
  `${requestLine}\r\n${lines}Authorization: Bearer ${token}\r\n\r\n`;
const chunks = `${order.length.toString(16)}\r\n${order}\r\n0\r\n\r\n`;

it('serves the same request when its framing is sound', async () => {
  const sized = await onlyAnswer(
    url(),
    post(`Content-Length: ${order.length}\r\nConnection: close\r\n`, order),
  );
  const chunked = await onlyAnswer(
    url(),
    post('Transfer-Encoding: chunked\r\nConnection: close\r\n', chunks),
  );
  expect([sized.status, chunked.status]).toEqual([201, 201]);
});

const bodies: [name: string, ...parts: Parameters<typeof post>][] = [
  ['TE with CL', `Content-Length: ${chunks.length}\r\nTransfer-Encoding: chunked\r\n`, chunks],
  ['CL with TE', 'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n', chunks],
  ['TE not ending in chunked', 'Transfer-Encoding: chunked, gzip\r\n', chunks],
  ['TE with another coding first', 'Transfer-Encoding: gzip, chunked\r\n', chunks],
  ['TE identity', 'Transfer-Encoding: identity\r\n', chunks],
  ['TE chunked twice in a list', 'Transfer-Encoding: chunked, chunked\r\n', chunks],
  ['TE twice', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', chunks],
  ['TE twice, one hidden', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n', chunks],
  ['TE misspelt', 'Transfer-Encoding: xchunked\r\n', chunks],
  ['TE quoted', 'Transfer-Encoding: "chunked"\r\n', chunks],
  ['TE with a parameter', 'Transfer-Encoding: chunked;a=b\r\n', chunks],
  ['TE empty', 'Transfer-Encoding: \r\n', chunks],
  ['TE after a vertical tab', 'Transfer-Encoding: \x0bchunked\r\n', chunks],
  ['TE with a space before the colon', 'Transfer-Encoding : chunked\r\n', chunks],
  ['TE with a tab before the colon', 'Transfer-Encoding\t: chunked\r\n', chunks],
  ['TE folded', 'Transfer-Encoding:\r\n chunked\r\n', chunks],
  ['TE in HTTP/1.0', 'Transfer-Encoding: chunked\r\n', chunks, 'HTTP/1.0'],
  ['differing CLs', `Content-Length: ${order.length}\r\nContent-Length: 4\r\n`, order],
  ['the same CL twice', `Content-Length: ${order.length}\r\nContent-Length: ${order.length}\r\n`, order],
  ['a list of CLs', `Content-Length: ${order.length}, ${order.length}\r\n`, order],
  ['CL with a sign', `Content-Length: +${order.length}\r\n`, order],
  ['CL negative', 'Content-Length: -1\r\n', order],
  ['CL in hex', `Content-Length: 0x${order.length.toString(16)}\r\n`, order],
  ['CL empty', 'Content-Length: \r\n', order],
  ['CL of two numbers', 'Content-Length: 5 5\r\n', order],
  ['CL over 2^64', 'Content-Length: 18446744073709551620\r\n', order],
  ['CL with a space before the colon', `Content-Length : ${order.length}\r\n`, order],
  ['a chunk size with a sign', 'Transfer-Encoding: chunked\r\n', `+${chunks}`],
  ['a chunk size in C spelling', 'Transfer-Encoding: chunked\r\n', `0x${chunks}`],
  ['a chunk size after a space', 'Transfer-Encoding: chunked\r\n', ` ${chunks}`],
  ['a chunk size before a space', 'Transfer-Encoding: chunked\r\n', chunks.replace('\r\n', ' \r\n')],
  ['a chunk size over 2^64', 'Transfer-Encoding: chunked\r\n', `10000000000000002\r\n${order}\r\n0\r\n\r\n`],
  ['a chunk size ended by LF', 'Transfer-Encoding: chunked\r\n', chunks.replace('\r\n', '\n')],
  ['a chunk extension ended by LF', 'Transfer-Encoding: chunked\r\n', chunks.replace('\r\n', ';a=\n\r\n')],
  ['a chunk longer than its size', 'Transfer-Encoding: chunked\r\n', `2\r\n${order}\r\n0\r\n\r\n`],
  ['CL in a trailer', 'Transfer-Encoding: chunked\r\n', `${chunks.slice(0, -2)}Content-Length: 1\r\n\r\n`],
  ['obs-fold', `X-Thing: a\r\n b\r\nContent-Length: ${order.length}\r\n`, order],
  ['a bare CR in a value', `X-Thing: a\rb\r\nContent-Length: ${order.length}\r\n`, order],
  ['a bare LF after a value', `X-Thing: a\nContent-Length: ${order.length}\r\n`, order],
  ['NUL in a value', `X-Thing: a\0b\r\nContent-Length: ${order.length}\r\n`, order],
  ['NUL in a name', `X-Th\0ing: a\r\nContent-Length: ${order.length}\r\n`, order],
  ['a line without a colon', `X-Thing\r\nContent-Length: ${order.length}\r\n`, order],
  ['an empty name', `: a\r\nContent-Length: ${order.length}\r\n`, order],
];

const heads: [name: string, bytes: () => string][] = [
  ['no Host', () => get('')],
  ['two Hosts', () => get('Host: a\r\nHost: a\r\n')],
  ['a list of Hosts', () => get('Host: a, b\r\n')],
  ['a Host with a path', () => get('Host: a/b\r\n')],
  ['a Host with userinfo', () => get('Host: u@a\r\n')],
  ['an absolute target without Host', () => get('', 'GET http://a/api/mobile/orders HTTP/1.1')],
  [
    'an absolute target beside a bad Host',
    () => get('Host: a/b\r\n', 'GET http://a/api/mobile/orders HTTP/1.1'),
  ],
  ['a tab in the request line', () => get('Host: a\r\n', 'GET\t/api/mobile/orders HTTP/1.1')],
  ['a space before the first field', () => get(' Host: a\r\n')],
  ['bare LFs', () => get('Host: a\r\n').replaceAll('\r\n', '\n')],
  ['HTTP/0.9', () => 'GET /api/mobile/orders\r\n\r\n'],
  ['HTTP/1.2', () => get('Host: a\r\n', 'GET /api/mobile/orders HTTP/1.2')],
  ['HTTP/2.0', () => get('Host: a\r\n', 'GET /api/mobile/orders HTTP/2.0')],
  ['a protocol in lower case', () => get('Host: a\r\n', 'GET /api/mobile/orders http/1.1')],
  ['the preface of HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['garbage', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
];

describe('400 and close, with nothing behind it served:', () => {
  const expectRefusal = async (bytes: string): Promise<void> => {
    // One answer, though a whole request follows on the same connection.
    const answer = await onlyAnswer(url(), bytes + hidden());
    expect(answer).toMatchObject({ status: 400, json: { reason: 'malformed_request' } });
    expect(answer.headers['connection']).toBe('close');
    expect(orders().hits()).toEqual({});
  };

  it.each(bodies.map(([name, ...parts]) => [name, parts] as const))('%s', (_name, parts) =>
    expectRefusal(post(...parts)),
  );
  it.each(heads)('%s', (_name, bytes) => expectRefusal(bytes()));
});

describe('a connection', () => {
  it('gives pipelined requests their answers in order', async () => {
    const [first, second, third] = await onTheWire(
      url(),
      hidden() + get('Host: a\r\n', 'GET /nowhere HTTP/1.1') + get('Host: a\r\nConnection: close\r\n'),
    );
    expect([first?.status, second?.status, third?.status]).toEqual([200, 404, 200]);
  });

  it('ends with the first refusal of a pipeline', async () => {
    const [first, second, ...more] = await onTheWire(url(), hidden() + get('') + hidden());
    expect([first?.status, second?.status, more]).toEqual([200, 400, []]);
  });

  it('takes what follows a body for the next request, not for more of the body', async () => {
    const lines = `Content-Length: ${order.length}\r\n`;
    const [created, list] = await onTheWire(
      url(),
      post(lines, order) + get('Host: a\r\nConnection: close\r\n'),
    );
    expect([created?.status, list?.status]).toEqual([201, 200]);
  });

  it('closes when a request is answered before its body came, whatever the body would be taken for', async () => {
    const body = hidden();
    for (const method of ['GET', 'OPTIONS', 'DELETE', 'PUT']) {
      const answers = await onTheWire(
        url(),
        `${method} /api/mobile/products HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length + 1}\r\n\r\n${body}`,
      );
      expect([method, answers.length, answers[0]?.headers['connection']]).toEqual([method, 1, 'close']);
    }
    expect(orders().hits()).toEqual({});
  });
});

describe('trailers', () => {
  it('are read past and never taken for header fields', async () => {
    const trailers = 'Authorization: Bearer stolen\r\nX-User-Id: usr_admin\r\n\r\n';
    const lines = 'Trailer: X-User-Id\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n';
    const answer = await onlyAnswer(url(), post(lines, chunks.slice(0, -2) + trailers));
    expect(answer.status).toBe(201);
    const { headers } = orders().last() ?? {};
    expect(headers?.['x-user-id']).toBe('usr_enterprise');
    expect(JSON.stringify(headers)).not.toMatch(/stolen|usr_admin/);
  });
});

describe('an incomplete body', () => {
  it.each([
    ['by its length', () => post(`Content-Length: ${order.length}\r\n`, order.slice(0, -1))],
    ['by its last chunk', () => post('Transfer-Encoding: chunked\r\n', chunks.slice(0, -5))],
  ])('%s never reaches an upstream', async (_name, bytes) => {
    expect(await cutShort(url(), bytes())).toMatch(/^HTTP\/1\.1 400 /);
    expect(orders().hits()).toEqual({});
  });
});
