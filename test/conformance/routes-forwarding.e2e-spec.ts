import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { exchange } from '@facet/testing/http';
import { head, json, raw, type RecordedRequest, ScriptedUpstream, text } from '@facet/testing/upstreams';
import { RouteGateway } from '../support/route-gateway.ts';

/** The forwarding lines of RFC 9110 and 9112, for declared routes: bytes in, bytes out. */
let upstream: ScriptedUpstream;
let gateway: RouteGateway;

beforeAll(async () => {
  upstream = await ScriptedUpstream.start();
  gateway = await RouteGateway.start({
    file: JSON.stringify({
      prefix: '',
      routes: [
        {
          id: 'all',
          path: '/*',
          upstream: upstream.url,
          auth: 'public',
          limits: 'off',
          retry: 'off',
          compression: 'off',
        },
        { id: 'admin', path: '/admin/*', upstream: upstream.url, auth: 'jwt' },
        {
          id: 'open',
          path: '/open/*',
          upstream: upstream.url,
          auth: 'public',
          limits: 'off',
          forwardCredentials: ['authorization', 'cookie'],
        },
      ],
    }),
  });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});
beforeEach(() => {
  upstream.always(json({}));
  upstream.requests.length = 0;
});

/** Sends raw lines; answers the status line and the rest. */
async function send(requestLine: string, ...fields: string[]): Promise<string> {
  const lines = [requestLine, 'Host: gw.example', ...fields, 'Connection: close'];
  return await exchange(gateway.url, `${lines.join('\r\n')}\r\n\r\n`);
}
const statusOf = (answer: string) => Number(answer.slice(9, 12));
const fieldsOf = (answer: string) =>
  answer
    .slice(0, answer.indexOf('\r\n\r\n'))
    .split('\r\n')
    .slice(1)
    .map((line): [string, string] => [
      line.slice(0, line.indexOf(':')),
      line.slice(line.indexOf(':') + 1).trim(),
    ]);
const valuesOf = (answer: string, name: string) =>
  fieldsOf(answer)
    .filter(([key]) => key.toLowerCase() === name)
    .map(([, value]) => value);

async function forwarded(requestLine: string, ...fields: string[]): Promise<RecordedRequest> {
  const answer = await send(requestLine, ...fields);
  expect(statusOf(answer)).toBe(200);
  expect(upstream.requests).toHaveLength(1);
  return upstream.requests[0]!;
}

describe('a request that is passed on', () => {
  it.each([
    '/a%2Fb',
    '/a%2fb/c%2Fd/',
    '/x;y=1,2/+/(z)!$&*~:@=',
    '/x?',
    '/x?&',
    '/x?a=1&a=2&a&=&b=+%20;c=%2F%2f&%zz',
    '/x??a=/../',
    '/caf%c3%a9/%7Euser/%41',
    '/x|y"z^{}',
    '/100%25',
    '/',
  ])('has path and query byte for byte: %s', async (target) => {
    expect((await forwarded(`GET ${target} HTTP/1.1`)).target).toBe(target);
  });

  it('loses what Connection names and every hop-by-hop field, and no field of ours', async () => {
    const { headers } = await forwarded(
      'GET /x HTTP/1.1',
      'Connection: X-Named, X-Forwarded-For, Via, x-user-id, X-Request-Id',
      'X-Named: 1',
      'Keep-Alive: timeout=5',
      'Proxy-Connection: keep-alive',
      'TE: trailers',
      'Trailer: x',
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABkAAQAAP__',
      'Proxy-Authorization: Basic eA==',
      'X-Kept: 1',
    );
    const names = headers.map(([name]) => name.toLowerCase());
    for (const gone of [
      'x-named',
      'keep-alive',
      'proxy-connection',
      'te',
      'trailer',
      'upgrade',
      'http2-settings',
      'proxy-authorization',
    ]) {
      expect(names).not.toContain(gone);
    }
    expect(names).toEqual(
      expect.arrayContaining(['x-kept', 'via', 'x-forwarded-for', 'x-request-id', 'forwarded']),
    );
  });

  it('keeps the order and case of fields of one name', async () => {
    const { headers } = await forwarded(
      'GET /x HTTP/1.1',
      'X-A: 1',
      'X-B: 2',
      'x-a: 3',
      'Accept: a',
      'accept: b',
    );
    expect(headers.filter(([name]) => /^(x-[ab]|accept)$/i.test(name))).toEqual([
      ['X-A', '1'],
      ['X-B', '2'],
      ['x-a', '3'],
      ['Accept', 'a'],
      ['accept', 'b'],
    ]);
  });

  it('carries our Via behind those that came', async () => {
    const request = await forwarded('GET /x HTTP/1.1', 'Via: 1.0 fred');
    expect(request.header('via')).toBe('1.0 fred, 1.1 gateway-web');
  });

  it.each(['Authorization: Basic dXNlcjpwYXNz', 'Cookie: a=1', 'X-API-Key: fk_x'])(
    'never carries %s unless the route says so',
    async (field) => {
      const [name = ''] = field.split(':');
      const answer = await send('GET /x HTTP/1.1', field);
      if (statusOf(answer) === 200) expect(upstream.requests[0]?.header(name)).toBeUndefined();
      else expect([401, upstream.requests.length]).toEqual([statusOf(answer), 0]);
    },
  );

  it('carries the credentials a route passes on, and then does not judge them', async () => {
    const request = await forwarded(
      'GET /open/x HTTP/1.1',
      'Authorization: FOO',
      'Cookie: a=1',
      'Cookie: b=2',
    );
    expect(request.header('authorization')).toBe('FOO');
    expect(request.header('cookie')).toBe('a=1, b=2');
  });

  it.each([
    'X-User-ID: root',
    'x-user-tier: enterprise',
    'X-User-Scopes: all',
    'X-Forwarded-For: 6.6.6.6',
    'Forwarded: for=6.6.6.6',
    'X-Real-IP: 6.6.6.6',
  ])('never carries the client’s own %s', async (field) => {
    const request = await forwarded('GET /x HTTP/1.1', field);
    expect(JSON.stringify(request.headers)).not.toMatch(/6\.6\.6\.6|root|enterprise|"all"/);
  });

  it.each(['PROPFIND', 'PURGE', 'LINK', 'M-SEARCH', 'REPORT', 'OPTIONS', 'DELETE', 'PATCH'])(
    'may have the method %s',
    async (method) => {
      expect((await forwarded(`${method} /x HTTP/1.1`)).method).toBe(method);
    },
  );

  it('has its body and framing, chunked or sized, with any content type or none', async () => {
    const sized = await forwarded(
      'POST /x HTTP/1.1',
      'Content-Type: application/json garbage',
      'Content-Length: 0',
    );
    expect(sized.header('content-type')).toBe('application/json garbage');
    upstream.requests.length = 0;
    const answer = await exchange(
      gateway.url,
      'PUT /x HTTP/1.1\r\nHost: gw\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n',
    );
    expect(statusOf(answer)).toBe(200);
    expect(upstream.requests[0]?.body.toString()).toBe('abc');
    expect(upstream.requests[0]?.header('x-trailer')).toBeUndefined();
    upstream.requests.length = 0;
    await exchange(
      gateway.url,
      'POST /x HTTP/1.1\r\nHost: gw\r\nContent-Length: 3\r\nConnection: close\r\n\r\n\x00\xff\r',
    );
    expect(upstream.requests[0]?.body).toEqual(Buffer.from([0, 255, 13]));
    expect(upstream.requests[0]?.header('content-length')).toBe('3');
  });

  it('counts its hops down, where it says how many it may take', async () => {
    expect((await forwarded('OPTIONS /x HTTP/1.1', 'Max-Forwards: 5')).header('max-forwards')).toBe('4');
    const last = await send('OPTIONS /x HTTP/1.1', 'Max-Forwards: 0');
    expect([statusOf(last), upstream.requests.length]).toEqual([204, 1]);
  });

  it('may be a GET with a body', async () => {
    await exchange(
      gateway.url,
      'GET /x HTTP/1.1\r\nHost: gw\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi',
    );
    expect(upstream.requests[0]?.body.toString()).toBe('hi');
  });

  it('is asked for its body only once it is let in', async () => {
    const refused = await send('POST /admin/x HTTP/1.1', 'Expect: 100-continue', 'Content-Length: 3');
    expect(refused).toMatch(/^HTTP\/1\.1 401 /);
    const let_in = await exchange(
      gateway.url,
      'POST /x HTTP/1.1\r\nHost: gw\r\nExpect: 100-continue\r\nContent-Length: 3\r\nConnection: close\r\n\r\n',
      'abc',
    );
    expect(let_in).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
  });
});

describe('a request that is refused', () => {
  const cases: [string, number][] = [
    ['GET /a/../admin/x HTTP/1.1', 400],
    ['GET /a/%2e%2e/admin/x HTTP/1.1', 400],
    ['GET //admin/x HTTP/1.1', 400],
    ['GET /%61dmin/x HTTP/1.1', 401],
    ['GET /admin HTTP/1.1', 401],
    ['GET /admin%2fx HTTP/1.1', 400],
    ['GET /a%2f..%2fadmin%2fx HTTP/1.1', 400],
    ['GET /%2561dmin/x HTTP/1.1', 400],
    ['GET /a/..;/admin/x HTTP/1.1', 400],
    ['GET /a\\..\\admin HTTP/1.1', 400],
    ['GET /a%5c..%5cadmin HTTP/1.1', 400],
    ['GET /a%00 HTTP/1.1', 400],
    ['GET /%c0%ae%c0%ae/admin HTTP/1.1', 400],
    ['TRACE /x HTTP/1.1', 501],
    ['CONNECT gw.example:80 HTTP/1.1', 501],
  ];
  it.each(cases)('%s is %i and reaches no upstream', async (line, status) => {
    expect(statusOf(await send(line))).toBe(status);
    expect(upstream.requests).toHaveLength(0);
  });

  it.each([
    ['a header name with an underscore', 'X_User_ID: root', 400],
    ['our own pseudonym in Via', 'Via: 1.1 gateway-web', 508],
    ['our own pseudonym in CDN-Loop', 'CDN-Loop: gateway-web', 508],
    ['a WebSocket upgrade', 'Upgrade: websocket', 426],
  ])('%s', async (_, field, status) => {
    expect(statusOf(await send('GET /x HTTP/1.1', field))).toBe(status);
    expect(upstream.requests).toHaveLength(0);
  });

  it.each([
    [
      'TE with CL',
      'POST /x HTTP/1.1\r\nHost: gw\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n',
    ],
    ['a repeated CL', 'POST /x HTTP/1.1\r\nHost: gw\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd'],
    ['obs-fold', 'GET /x HTTP/1.1\r\nHost: gw\r\nX-A: 1\r\n folded\r\n\r\n'],
    ['a space before the colon', 'GET /x HTTP/1.1\r\nHost: gw\r\nX-A : 1\r\n\r\n'],
    ['two hosts', 'GET /x HTTP/1.1\r\nHost: gw\r\nHost: other\r\n\r\n'],
    ['no host', 'GET /x HTTP/1.1\r\n\r\n'],
  ])('%s: 400 and close', async (_, bytes) => {
    expect(statusOf(await exchange(gateway.url, bytes))).toBe(400);
    expect(upstream.requests).toHaveLength(0);
  });
});

describe('an answer that is passed on', () => {
  it.each([200, 203, 207, 299, 300, 302, 304, 400, 401, 404, 418, 429, 451, 499, 500, 503, 599, 600, 999])(
    'keeps the status %i',
    async (status) => {
      upstream.always(text('x', { status }));
      expect(statusOf(await send('GET /x HTTP/1.1'))).toBe(status);
    },
  );

  it('keeps its fields, each Set-Cookie alone, and its reason phrase', async () => {
    upstream.always(
      raw(
        'HTTP/1.1 299 Odd Words\r\nSet-Cookie: a=1\r\nX-A: 1\r\nset-cookie: b=2\r\nX-A: 2\r\nDate: Tue, 01 Jan 2030 00:00:00 GMT\r\nContent-Length: 2\r\n\r\nok',
      ),
    );
    const answer = await send('GET /x HTTP/1.1');
    expect(answer).toMatch(/^HTTP\/1\.1 299 Odd Words\r\n/);
    expect(valuesOf(answer, 'set-cookie')).toEqual(['a=1', 'b=2']);
    expect(valuesOf(answer, 'x-a')).toEqual(['1', '2']);
    expect(valuesOf(answer, 'date')).toEqual(['Tue, 01 Jan 2030 00:00:00 GMT']);
    expect(answer.endsWith('\r\n\r\nok')).toBe(true);
  });

  it('loses hop-by-hop fields, what its Connection names, and the names of software', async () => {
    upstream.always(
      text('x', {
        headers: {
          connection: 'keep-alive, X-Named',
          'x-named': '1',
          'keep-alive': 'timeout=3',
          'proxy-authenticate': 'Basic',
          upgrade: 'h2c',
          server: 'upstream/1',
          'x-powered-by': 'php',
          'x-kept': '1',
        },
      }),
    );
    const names = fieldsOf(await send('GET /x HTTP/1.1')).map(([name]) => name.toLowerCase());
    for (const gone of ['x-named', 'proxy-authenticate', 'upgrade', 'server', 'x-powered-by'])
      expect(names).not.toContain(gone);
    expect(names).toContain('x-kept');
  });

  it('has no length of its own making: HEAD, 204 and 304 keep what the upstream says', async () => {
    upstream.always(raw('HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n'));
    const answer = await send('HEAD /x HTTP/1.1');
    expect(valuesOf(answer, 'content-length')).toEqual(['12345']);
    expect(answer.endsWith('\r\n\r\n')).toBe(true);
    upstream.always(raw('HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'));
    const unchanged = await send('GET /x HTTP/1.1');
    expect(valuesOf(unchanged, 'content-length')).toEqual([]);
    expect(valuesOf(unchanged, 'etag')).toEqual(['"a"']);
    upstream.always(raw('HTTP/1.1 204 No Content\r\n\r\n'));
    expect(valuesOf(await send('GET /x HTTP/1.1'), 'content-length')).toEqual([]);
  });

  it('may be chunked; its trailers are not merged into its fields', async () => {
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n';
    const body = '2\r\nok\r\n0\r\nX-T: 1\r\n\r\n';
    upstream.always(raw(head + body));
    const whole = await send('GET /x HTTP/1.1');
    expect([valuesOf(whole, 'content-length'), whole.slice(-6)]).toEqual([['2'], '\r\n\r\nok']);
    expect([valuesOf(whole, 'x-t'), valuesOf(whole, 'transfer-encoding')]).toEqual([[], []]);
    const long = 100_000;
    upstream.always(raw(`${head}${long.toString(16)}\r\n${'x'.repeat(long)}\r\n0\r\nX-T: 1\r\n\r\n`));
    const pieces = await send('GET /x HTTP/1.1');
    expect([valuesOf(pieces, 'transfer-encoding'), pieces.slice(-5)]).toEqual([['chunked'], '0\r\n\r\n']);
    expect(valuesOf(pieces, 'x-t')).toEqual([]);
  });

  it.each([
    ['less than it declared', `${head(200, { 'content-length': '10' })}abc`],
    ['half a chunk', `${head(200, { 'transfer-encoding': 'chunked' })}5\r\nab`],
  ])('is never ended cleanly when it is %s', async (_, bytes) => {
    upstream.always(raw(bytes, 'end'));
    const answer = await send('GET /x HTTP/1.1');
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer.endsWith('0\r\n\r\n')).toBe(false);
    const length = Number(valuesOf(answer, 'content-length')[0] ?? Infinity);
    expect(answer.length - answer.indexOf('\r\n\r\n') - 4).toBeLessThan(length);
  });

  it.each([
    ['garbage', 'nonsense\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['NUL in a value', 'HTTP/1.1 200 OK\r\nX-A: a\0b\r\nContent-Length: 0\r\n\r\n'],
  ])('is 502 when it is %s', async (_, bytes) => {
    upstream.always(raw(bytes, 'end'));
    const answer = await send('GET /x HTTP/1.1');
    expect(statusOf(answer)).toBe(502);
    expect(valuesOf(answer, 'proxy-status')[0]).toMatch(/error=http_(protocol_error|request_error)/);
  });

  it('is never a redirect that was followed', async () => {
    upstream.always(text('', { status: 302, headers: { location: `${upstream.url}/other` } }));
    const answer = await send('GET /x HTTP/1.1');
    expect([statusOf(answer), upstream.requests.length]).toEqual([302, 1]);
  });
});
