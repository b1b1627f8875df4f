import { describe, expect, it } from '@jest/globals';
import { GatewayError } from '@facet/errors';
import { Readable } from 'node:stream';
import { type TransportRequest } from '../transport.ts';
import { requestHead } from './request-head.ts';

const authority = 'orders.example:8080';

function head(request: Partial<TransportRequest>) {
  return requestHead(
    { method: 'GET', path: '/', headers: [], body: null, wants: () => true, ...request },
    authority,
  );
}

function refusal(request: Partial<TransportRequest>): string {
  try {
    head(request);
  } catch (error) {
    if (error instanceof GatewayError) return error.reason;
    throw error;
  }
  return 'none';
}

function fieldLines(request: Partial<TransportRequest>): string[] {
  return head(request).text.split('\r\n').slice(3, -2);
}

const stream = () => Readable.from([]);

describe('requestHead', () => {
  it('writes the fields as they are, in their order, after those of the connection', () => {
    const headers = ['X-B', '1', 'x-a', ' \t', 'X-b', 'caf\xe9 \xff'];
    expect(head({ method: 'M-SEARCH', path: '/a%2Fb?c=&d;~', headers }).text).toBe(
      `M-SEARCH /a%2Fb?c=&d;~ HTTP/1.1\r\nhost: ${authority}\r\nconnection: keep-alive\r\n` +
        'X-B: 1\r\nx-a:  \t\r\nX-b: caf\xe9 \xff\r\n\r\n',
    );
  });

  it('writes one host', () => {
    expect(head({ headers: ['Host', 'other.example'] }).text).toContain('\r\nhost: other.example\r\n');
    expect(head({ headers: ['Host', 'other.example'] }).text).not.toContain(authority);
    expect(refusal({ headers: ['host', 'a.example', 'Host', 'b.example'] })).toBe('malformed_request');
  });

  it.each(['a b', '', 'a/b', 'a,b', 'a\tb', 'user@a', 'a\xe9', 'a?b', 'a#b', 'a\\b'])(
    'writes no host %j',
    (host) => {
      expect(refusal({ headers: ['host', host] })).toBe('malformed_request');
    },
  );

  it.each([
    'a\rb',
    'a\nb',
    'a\r\nx: y',
    'a\0b',
    'a\x7f',
    'a\x1b',
    'a\u0100',
    'a\u010d\u010ax',
    '€',
    '\ud800',
    '\u2028',
  ])('lets the value %j go nowhere', (value) => {
    for (const name of ['x', 'host', 'content-length']) {
      expect(refusal({ headers: ['a', 'b', name, value] })).toBe('malformed_request');
    }
  });

  it.each(['', ' ', 'x ', ' x', 'x:', 'x y', 'x\r\ny', 'x\n', 'x\0', 'é', 'x\u010a', '"x"', 'x(y)'])(
    'lets the name %j go nowhere',
    (name) => expect(refusal({ headers: [name, 'y'] })).toBe('malformed_request'),
  );

  it.each([
    'Connection',
    'keep-alive',
    'Transfer-Encoding',
    'UPGRADE',
    'Expect',
    'te',
    'Trailer',
    'Proxy-Connection',
  ])('lets nobody else set %s', (name) =>
    expect(refusal({ headers: [name, 'close'] })).toBe('malformed_request'),
  );

  it.each(['', '/a b', '/a\r\nx: y', '/a\tb', '/a\0', '/é', '/a\u010ab', '/ HTTP/1.1', '/\x7f'])(
    'asks for no path %j',
    (path) => expect(refusal({ path })).toBe('malformed_request'),
  );

  it.each(['', 'get', 'GET ', ' GET', 'GET\r\n', 'G\0', 'GET /', 'G:', 'GÉT', '-X'])(
    'knows no method %j',
    (method) => expect(refusal({ method })).toBe('malformed_request'),
  );
});

describe('the framing of a request', () => {
  it.each([
    ['GET', null, [], []],
    ['DELETE', '', [], []],
    ['POST', null, [], ['content-length: 0']],
    ['PATCH', '', [], ['content-length: 0']],
    ['PUT', Buffer.from('abc'), ['content-length', '99'], ['content-length: 3']],
    ['POST', 'é€\ud800', [], ['content-length: 8']],
    ['GET', 'a', [], ['content-length: 1']],
    ['GET', null, ['Content-Length', '99'], []],
    ['POST', stream(), ['Content-Length', '4'], ['content-length: 4']],
    ['POST', stream(), ['Content-Length', '4', 'content-length', '04'], ['content-length: 4']],
    ['POST', stream(), ['content-length', '0'], ['content-length: 0']],
    ['GET', stream(), [], ['transfer-encoding: chunked']],
    ['POST', stream(), [], ['transfer-encoding: chunked']],
  ])('of %s with %p and %j is %j, said once', (method, body, headers, lines) => {
    expect(fieldLines({ method, body, headers })).toEqual(lines);
  });

  it.each([
    '+5',
    '-5',
    '5,5',
    '5, 5',
    '0x5',
    '5 ',
    ' 5',
    '5.0',
    '',
    '1e3',
    'x',
    '1'.repeat(16),
    'NaN',
    'Infinity',
  ])('is not in the length %j', (length) => {
    for (const body of [stream(), null, 'a']) {
      expect(refusal({ method: 'POST', body, headers: ['content-length', length] })).toBe(
        'malformed_request',
      );
    }
  });

  it('is not in two lengths', () => {
    expect(refusal({ body: stream(), headers: ['content-length', '4', 'Content-Length', '5'] })).toBe(
      'malformed_request',
    );
  });
});
