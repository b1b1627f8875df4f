import { once } from 'node:events';
import { createServer, type OutgoingHttpHeaders, type Server, ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GatewayResponse, type StandingFields } from './gateway-response.ts';

type Answer = (response: ServerResponse) => void;

let answer: Answer = () => undefined;
let fault: unknown;
const servers: { own: Server; nodes: Server } = {
  own: createServer({ ServerResponse: GatewayResponse }, (_request, response) => serve(response)),
  nodes: createServer({ ServerResponse }, (_request, response) => serve(response)),
};

function serve(response: ServerResponse): void {
  fault = undefined;
  try {
    answer(response);
  } catch (error) {
    fault = error;
    response.destroy();
  }
}

/** Status line, then every line of the head in alphabetical order, then the body. */
async function asked(server: Server, method = 'GET'): Promise<string[]> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.end(`${method} / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  const [head = '', ...body] = (await text(socket.setEncoding('latin1'))).split('\r\n\r\n');
  const [status = '', ...lines] = head.split('\r\n');
  return [
    status,
    ...lines.map((line) => line.replace(/^Date: .*/, 'Date: now')).sort(),
    body.join('\r\n\r\n'),
  ];
}

beforeAll(async () => {
  for (const server of Object.values(servers)) await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => {
  for (const server of Object.values(servers)) server.close();
});

const answers: [string, number, OutgoingHttpHeaders, string][] = [
  ['plain', 200, { 'content-type': 'text/plain', 'x-a': 'b', 'content-length': '2' }, 'ok'],
  ['without a length', 200, { 'content-type': 'text/plain' }, 'ok'],
  ['a number', 200, { age: 5, 'content-length': 2 } as never, 'ok'],
  ['several cookies', 200, { 'set-cookie': ['a=1', 'b=2'], 'content-length': '2' }, 'ok'],
  ['one cookie', 200, { 'set-cookie': 'a=1' }, 'ok'],
  ['names in any case', 200, { 'X-A': 'b', 'Content-Length': '2', 'CONTENT-TYPE': 'text/plain' }, 'ok'],
  ['a date of its own', 200, { date: 'Thu, 01 Jan 2026 00:00:00 GMT', 'content-length': '2' }, 'ok'],
  ['close', 200, { connection: 'close', 'content-length': '2' }, 'ok'],
  ['chunks', 200, { 'transfer-encoding': 'chunked' }, 'ok'],
  ['no content', 204, { 'x-a': 'b' }, ''],
  ['not modified', 304, { etag: 'W/"a"' }, ''],
  ['bytes above ASCII', 200, { 'x-a': 'caf\u00e9', 'content-length': '2' }, 'ok'],
  ['an empty value', 200, { 'x-a': '', 'content-length': '2' }, 'ok'],
  ['what objects have', 200, { constructor: 'a', toString: 'b' } as never, 'ok'],
  [
    'a file name',
    200,
    { 'content-disposition': 'attachment; filename="\u00e9"', 'content-length': '2' },
    'ok',
  ],
];

describe('a gateway response', () => {
  it.each(answers)('says what one of Node says: %s', async (_case, status, headers, body) => {
    answer = (response) => response.writeHead(status, { ...headers }).end(body);
    // Twice: what was said before is said from memory.
    for (const method of ['GET', 'GET', 'HEAD']) {
      expect(await asked(servers.own, method)).toEqual(await asked(servers.nodes, method));
    }
  });

  it('says what one of Node says of fields that were set one by one', async () => {
    answer = (response) => {
      response.setHeader('X-A', 'b').setHeader('set-cookie', ['a=1', 'b=2']);
      response.writeHead(200, { 'x-c': 'd' }).end('ok');
    };
    expect(await asked(servers.own)).toEqual(await asked(servers.nodes));
  });

  const refused: [string, object, string][] = [
    ['a line end', { 'x-b': 'a\r\nx-c: d' }, 'ERR_INVALID_CHAR'],
    ['a control byte', { 'x-b': 'a\0' }, 'ERR_INVALID_CHAR'],
    ['more than a byte', { 'x-b': '\u0100' }, 'ERR_INVALID_CHAR'],
    ['no value', { 'x-b': undefined }, 'ERR_HTTP_INVALID_HEADER_VALUE'],
    ['no name', { 'x b': 'c' }, 'ERR_INVALID_HTTP_TOKEN'],
    ['a line end in a name', { 'x\r\nb': 'c' }, 'ERR_INVALID_HTTP_TOKEN'],
  ];
  it.each(refused)('refuses what one of Node refuses: %s', async (_case, headers, code) => {
    answer = (response) => response.writeHead(200, { 'x-b': 'known' }).end();
    await asked(servers.own);
    answer = (response) => response.writeHead(200, headers as OutgoingHttpHeaders).end();
    for (const server of Object.values(servers)) {
      await asked(server);
      expect(fault).toMatchObject({ code });
    }
  });
});

describe('standing fields', () => {
  const fields: StandingFields = [
    { name: 'x-one', value: '1', line: 'x-one: 1\r\n' },
    { name: 'x-two', value: '2', line: 'x-two: 2\r\n' },
  ];
  const own = (head: string[]): string[] => head.filter((line) => /^x-/i.test(line));
  const standing = (when: 'always' | 'ifAbsent', say: Answer) => {
    answer = (response) => {
      (response as GatewayResponse).stand(fields, when);
      say(response);
    };
    return asked(servers.own).then(own);
  };

  const ways: [string, Answer][] = [
    ['written at once', (response: ServerResponse) => response.writeHead(200, { 'x-two': 'own' }).end('ok')],
    ['set one by one', (response: ServerResponse) => response.setHeader('x-two', 'own').end('ok')],
  ];
  it.each(ways)('stand beside fields %s, which win or not', async (_case, say) => {
    expect(await standing('ifAbsent', say)).toEqual(['x-one: 1', 'x-two: own']);
    expect(await standing('always', say)).toEqual(['x-one: 1', 'x-two: 2']);
  });

  it('stand where nothing else is said', async () => {
    expect(await standing('always', (response) => response.end('ok'))).toEqual(['x-one: 1', 'x-two: 2']);
    expect(await standing('ifAbsent', (response) => response.writeHead(200).end('ok'))).toEqual([
      'x-one: 1',
      'x-two: 2',
    ]);
  });
});
