import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { problemSchema } from '@facet/errors';
import { exchange, startTestGateway } from '@facet/testing/http';
import { Ajv } from 'ajv';
import { Type } from 'typebox';
import { Answers, type Gateway, ValidBody } from './index.ts';
import * as http from './index.ts';

let served = 0;

@Controller('echo')
class EchoController {
  @Get()
  @Answers(Type.Object({ ok: Type.Boolean() }))
  get() {
    served++;
    return { ok: true };
  }

  @Post()
  @HttpCode(200)
  @Answers(Type.Object({ text: Type.String() }))
  post(@ValidBody(Type.Object({ text: Type.String() })) body: { text: string }) {
    return body;
  }
}

const isProblem = new Ajv().compile(problemSchema);
const get = (extra: string, target = '/api/web/echo') =>
  `GET ${target} HTTP/1.1\r\nHost: localhost\r\n${extra}Connection: close\r\n\r\n`;
const post = (extra: string, body: string) =>
  `POST /api/web/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${extra}\r\n${body}`;
const json = '{"text":"hi"}';

/** The last response of an exchange. */
function parsed(text: string): { status: number; head: string; body: string } {
  const start = text.lastIndexOf('HTTP/1.1 ');
  const end = text.indexOf('\r\n\r\n', start);
  return {
    status: Number(text.slice(start + 9, start + 12)),
    head: text.slice(start, end),
    body: text.slice(end + 4),
  };
}

describe('framing', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    ({ gateway } = await startTestGateway(http, [EchoController]));
  });
  afterAll(() => gateway.close());

  it('serves a plain request', async () => {
    expect(parsed(await exchange(gateway.url, get('')))).toMatchObject({ status: 200, body: '{"ok":true}' });
  });

  it.each([
    [
      'Transfer-Encoding with Content-Length',
      post('Transfer-Encoding: chunked\r\nContent-Length: 13\r\n', `d\r\n${json}\r\n0\r\n\r\n`),
    ],
    ['Transfer-Encoding not ending in chunked', post('Transfer-Encoding: chunked, gzip\r\n', '')],
    ['a transfer coding before chunked', post('Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n')],
    [
      'Transfer-Encoding in HTTP/1.0',
      'POST /api/web/echo HTTP/1.0\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['differing Content-Length', post('Content-Length: 13\r\nContent-Length: 12\r\n', json)],
    ['Content-Length that is no number', post('Content-Length: 1x\r\n', json)],
    ['negative Content-Length', post('Content-Length: -1\r\n', json)],
    ['space before the colon', get('X-Thing : 1\r\n')],
    ['obs-fold', get('X-Thing: a\r\n b\r\n')],
    ['bare CR in a value', get('X-Thing: a\rb\r\n')],
    ['NUL in a value', get('X-Thing: a\0b\r\n')],
    ['duplicate Host', get('Host: other\r\n')],
    ['missing Host', 'GET /api/web/echo HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['malformed Host', 'GET /api/web/echo HTTP/1.1\r\nHost: a/b\r\n\r\n'],
    ['missing Host beside an absolute-form target', 'GET http://a/api/web/echo HTTP/1.1\r\n\r\n'],
    [
      'malformed Host beside an absolute-form target',
      'GET http://a/api/web/echo HTTP/1.1\r\nHost: a/b\r\n\r\n',
    ],
    ['malformed authority of an absolute-form target', get('', 'http://a b/api/web/echo')],
    ['HTTP/0.9', 'GET /api/web/echo\r\n\r\n'],
    ['HTTP/2.0', 'GET /api/web/echo HTTP/2.0\r\nHost: a\r\n\r\n'],
    ['empty header name', get(': x\r\n')],
    ['garbage', 'hello\r\n\r\n'],
    ['a bad chunk size', post('Transfer-Encoding: chunked\r\n', 'zz\r\n')],
  ])('%s: 400 problem and close', async (_name, bytes) => {
    const answer = parsed(await exchange(gateway.url, bytes));
    expect(answer.status).toBe(400);
    expect(answer.head).toMatch(/\r\nconnection: close(\r\n|$)/i);
    expect(answer.head).toMatch(/\r\nx-request-id: /i);
    expect(answer.head).toMatch(/\r\ncontent-type: application\/problem\+json(\r\n|$)/i);
    expect(isProblem(JSON.parse(answer.body))).toBe(true);
  });

  it.each([
    ['underscore in a name', get('X_User_Id: 1\r\n'), 400],
    ['101 fields', get(Array.from({ length: 101 }, (_, i) => `X-${i}: 1\r\n`).join('')), 431],
    ['17 KiB of header', get(`X-Big: ${'a'.repeat(17 * 1024)}\r\n`), 431],
    ['a URL over 8 KiB', get('', `/${'a'.repeat(8200)}`), 414],
    ['101 query parameters', get('', `/api/web/echo?${'a=1&'.repeat(101)}`), 400],
    ['TRACE', 'TRACE /api/web/echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', 501],
    ['CONNECT', 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n', 501],
    ['an unknown method', 'BREW /api/web/echo HTTP/1.1\r\nHost: localhost\r\n\r\n', 501],
    ['two credentials', get('Authorization: Bearer a\r\nAuthorization: Bearer b\r\n'), 400],
    ['own name in Via', get('Via: 1.1 other, 1.1 gateway-web\r\n'), 508],
    ['own name in CDN-Loop', get('CDN-Loop: other; v=1, gateway-web\r\n'), 508],
    ['a WebSocket upgrade', get('Upgrade: websocket\r\n').replace('close', 'Upgrade'), 426],
    ['an asterisk-form GET', get('', '*'), 400],
    ['a target that is no path', get('', 'echo'), 400],
  ])('%s: refused with a problem', async (_name, bytes, status) => {
    const answer = parsed(await exchange(gateway.url, bytes));
    expect(answer.status).toBe(status);
    expect(isProblem(JSON.parse(answer.body))).toBe(true);
  });

  it('tells garbage behind a sound request from a method it does not know', async () => {
    const sound = 'POST /api/web/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n';
    expect(await exchange(gateway.url, `${sound}\u0001garbage`)).not.toContain('501');
  });

  it.each([
    '/api/web%2fecho',
    '/api/web/%2e%2e/web/echo',
    '/api/web/../web/echo',
    '/api/web/./echo',
    '/api/web/..;/echo',
    '/api//web/echo',
    '/api/web/echo/..',
    '/api/web/echo%5c',
    '/api/web\\echo',
    '/api/web/echo%00',
    '/api/web/echo%0d%0a',
    '/api/web/%c0%ae%c0%ae/echo',
    '/api/web/%ff',
    '/api/web/%zz',
    '/api/web/%252e%252e/echo',
    '/api/web/\u00e9',
  ])('%s is ambiguous or malformed: 400', async (target) => {
    const answer = parsed(await exchange(gateway.url, get('', target)));
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ reason: 'malformed_request' });
  });

  it('takes an absolute-form target for its path', async () => {
    const answer = parsed(await exchange(gateway.url, get('', 'http://localhost/api/web/echo')));
    expect(answer.status).toBe(200);
  });

  it('treats an h2c upgrade as HTTP/1.1', async () => {
    const bytes = get('Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n');
    expect(parsed(await exchange(gateway.url, bytes)).status).toBe(200);
  });

  it('asks for the body only when the head is accepted', async () => {
    const expecting = 'Expect: 100-continue\r\nConnection: close\r\n';
    const accepted = await exchange(gateway.url, post(`${expecting}Content-Length: 13\r\n`, json));
    expect(accepted).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
    const refused = await exchange(
      gateway.url,
      post(`${expecting}Content-Encoding: zstd\r\nContent-Length: 13\r\n`, ''),
    );
    expect(refused).toMatch(/^HTTP\/1\.1 415 /);
  });

  it.each([
    ['HTTP/1.0', 'POST /api/web/echo HTTP/1.0', '100-continue'],
    ['another expectation', 'POST /api/web/echo HTTP/1.1', '200-ok'],
  ])('sends no 100 to %s', async (_name, line, expectation) => {
    const head = `${line}\r\nHost: a\r\nContent-Type: application/json\r\nExpect: ${expectation}\r\n`;
    const answer = await exchange(
      gateway.url,
      `${head}Connection: close\r\nContent-Length: 13\r\n\r\n${json}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  it.each([
    ['OPTIONS', 'OPTIONS /api/web/echo HTTP/1.1\r\n'],
    [
      'a preflight',
      'OPTIONS /api/web/echo HTTP/1.1\r\nOrigin: https://a.example\r\nAccess-Control-Request-Method: GET\r\n',
    ],
  ])('closes instead of reading the body of %s', async (_name, head) => {
    const answer = await exchange(gateway.url, `${head}Host: a\r\nContent-Length: 1000000000\r\n\r\n`);
    expect(parsed(answer)).toMatchObject({
      status: 204,
      head: expect.stringMatching(/\r\nconnection: close/i),
    });
  });

  it('serves nothing that is pipelined behind a refusal that closes', async () => {
    const before = served;
    const refused = post('Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n');
    const answer = await exchange(gateway.url, refused + get('').repeat(3));
    expect(answer.match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 400']);
    expect(served).toBe(before);
  });

  it('serves pipelined requests in order', async () => {
    const first = 'GET /api/web/echo HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const answer = await exchange(gateway.url, first + get('', '/api/web/nope'));
    expect(answer.match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 404']);
  });
});
