import { constants } from 'node:http2';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { json } from '@facet/testing/upstreams';
import { type ChaosRig } from '../support/chaos-rig.ts';
import {
  endHeaders,
  endStream,
  type Field,
  frame,
  frameType,
  headers,
  Http2Wire,
  request,
} from '../support/http2-wire.ts';
import { startTlsRig } from '../support/tls-rig.ts';

/**
 * Requests that mean one thing in HTTP/2 and another when they are written down as HTTP/1.1: none reaches the upstream
 * as two, as another one, or with a field that nobody checked.
 */
let rig: ChaosRig<'orders'>;
let wire: Http2Wire;
beforeAll(async () => {
  rig = await startTlsRig();
});
afterAll(() => rig[Symbol.asyncDispose]());
beforeEach(async () => {
  rig.upstreams.orders.requests.length = 0;
  rig.upstreams.orders.always(json({ ok: true }));
  wire = await Http2Wire.connect(rig.url);
  wire.acknowledge();
});
afterEach(() => wire[Symbol.asyncDispose]());

const path = '/pass/x';
const replaced = (name: string, value: string): Field[] =>
  request(path).map((field) => (field[0] === name ? [name, value] : field));
const without = (name: string): Field[] => request(path).filter(([other]) => other !== name);

/** Sends frames as stream 1; `reset`, or the problem's reason. */
async function outcome(...frames: readonly Buffer[]): Promise<string> {
  wire.send(...frames);
  await wire.until(() => wire.isOver(1));
  if (wire.resetOf(1) === constants.NGHTTP2_PROTOCOL_ERROR || wire.goaway !== undefined) return 'reset';
  const body = wire.bodyOf(1);
  return body === '' ? `reset ${wire.resetOf(1)}` : String((JSON.parse(body) as { reason?: string }).reason);
}

describe('is refused and nothing reaches the upstream:', () => {
  it.each<[string, Field[], string]>([
    ['transfer-encoding', [...request(path), ['transfer-encoding', 'chunked']], 'reset'],
    ['connection', [...request(path), ['connection', 'x-user-id']], 'reset'],
    ['keep-alive', [...request(path), ['keep-alive', 'timeout=5']], 'reset'],
    ['proxy-connection', [...request(path), ['proxy-connection', 'close']], 'reset'],
    ['upgrade', [...request(path), ['upgrade', 'websocket']], 'reset'],
    ['te that asks for a coding', [...request(path), ['te', 'chunked']], 'reset'],
    ['a name in upper case', [...request(path), ['X-User-Id', 'admin']], 'reset'],
    ['a name with _', [...request(path), ['x_user_id', 'admin']], 'malformed_request'],
    ['a length without a body', [...request(path, 'POST'), ['content-length', '5']], 'reset'],
    ['two lengths', [...request(path, 'POST'), ['content-length', '0'], ['content-length', '5']], 'reset'],
    ['a length with a sign', [...request(path, 'POST'), ['content-length', '+0']], 'reset'],
    ['no path', without(':path'), 'reset'],
    ['an empty path', replaced(':path', ''), 'reset'],
    ['a path with a space', replaced(':path', '/pass/x HTTP/1.1'), 'reset'],
    ['a path with a line end', replaced(':path', '/pass/x HTTP/1.1\r\nHost: evil'), 'reset'],
    ['a path with a fragment', replaced(':path', '/pass/x#y'), 'malformed_request'],
    ['a path with a backslash', replaced(':path', '/pass\\x'), 'malformed_request'],
    ['a path with bytes beyond ASCII', replaced(':path', '/pass/\xff'), 'malformed_request'],
    ['an absolute path', replaced(':path', 'http://evil/pass/x'), 'reset'],
    ['a relative path', replaced(':path', 'pass/x'), 'reset'],
    ['an asterisk for GET', replaced(':path', '*'), 'reset'],
    ['two paths', [...request(path), [':path', '/pass/y']], 'reset'],
    ['two methods', [...request(path), [':method', 'POST']], 'reset'],
    ['a pseudo-field nobody knows', [[':x', 'y'], ...request(path)], 'reset'],
    ['a pseudo-field of answers', [...request(path), [':status', '200']], 'reset'],
    ['a pseudo-field behind the others', [...without(':path'), ['x', 'y'], [':path', path]], 'reset'],
    ['a method with a target', replaced(':method', 'GET /admin HTTP/1.1'), 'reset'],
    ['a method with a line end', replaced(':method', 'GET\r\nX: y'), 'reset'],
    ['a method in lower case', replaced(':method', 'get'), 'method_not_implemented'],
    ['a method nobody knows', replaced(':method', 'SMUGGLE'), 'method_not_implemented'],
    ['a scheme with an address', replaced(':scheme', 'https://evil/?'), 'reset'],
    ['no scheme', without(':scheme'), 'reset'],
    ['no authority and no host', without(':authority'), 'reset'],
    ['an empty authority', replaced(':authority', ''), 'reset'],
    ['an authority with a line end', replaced(':authority', 'a\r\nX-User-Id: admin'), 'reset'],
    ['an authority with userinfo', replaced(':authority', 'user@a'), 'reset'],
    ['an authority with a path', replaced(':authority', 'a/b'), 'reset'],
    ['an authority and another host', [...request(path), ['host', 'evil.example']], 'malformed_request'],
    ['two hosts', [...without(':authority'), ['host', 'a'], ['host', 'b']], 'reset'],
    [
      'two credentials',
      [...request(path), ['authorization', 'a'], ['authorization', 'b']],
      'conflicting_credentials',
    ],
    [
      'CONNECT',
      [
        [':method', 'CONNECT'],
        [':authority', 'orders:80'],
      ],
      'method_not_implemented',
    ],
    [
      'CONNECT for WebSockets (RFC 8441)',
      [...replaced(':method', 'CONNECT'), [':protocol', 'websocket']],
      'reset',
    ],
  ])('%s', async (_, fields, expected) => {
    expect(await outcome(headers(1, fields))).toBe(expected);
    expect(rig.upstreams.orders.requests).toEqual([]);
  });

  it.each([
    ['more', '2', 'abcde'],
    ['less', '9', 'abcde'],
  ])('a body with %s bytes than declared', async (_, length, body) => {
    const fields: Field[] = [...request(path, 'POST'), ['content-length', length]];
    const data = frame(frameType.data, endStream, 1, Buffer.from(body));
    expect(await outcome(headers(1, fields, endHeaders), data)).toBe('reset');
    expect(rig.upstreams.orders.requests).toEqual([]);
  });

  it('a pseudo-field in the trailers', async () => {
    const data = frame(frameType.data, 0, 1, Buffer.from('abcde'));
    const trailers = headers(1, [[':path', '/admin']]);
    expect(await outcome(headers(1, request(path, 'POST'), endHeaders), data, trailers)).toBe('reset');
    expect(rig.upstreams.orders.requests).toEqual([]);
  });
});

// nghttp2 takes such a field out of the request and says nothing: what is left is a sound request, and only that goes on.
describe('goes nowhere, be it all or a part of it: a field', () => {
  it.each<[string, Field]>([
    ['with a line end in its value', ['x-a', 'b\r\nx-user-id: admin']],
    ['with a line feed in its value', ['x-a', 'b\nx-user-id: admin']],
    ['with a whole request in its value', ['x-a', 'b\r\n\r\nGET /admin HTTP/1.1\r\nhost: a\r\n\r\n']],
    ['with a NUL in its value', ['x-a', 'b\0c']],
    ['with a line end in its name', ['x-a: b\r\nx-user-id', 'admin']],
    ['with a colon in its name', ['x-user-id: admin\r\nx', 'y']],
    ['with a space in its name', ['x-user-id ', 'admin']],
    ['without a name', ['', 'admin']],
    ['with a line end in its credential', ['authorization', 'Bearer a\r\nx-user-id: admin']],
  ])('%s', async (_, field) => {
    await outcome(headers(1, [...request(path), field]));
    for (const { target, headers: fields } of rig.upstreams.orders.requests) {
      expect(target).toBe(path);
      expect(JSON.stringify(fields)).not.toContain('admin');
      expect(fields.map(([name]) => name.toLowerCase())).not.toContain('x-a');
    }
    expect(rig.upstreams.orders.requests.length).toBeLessThanOrEqual(1);
  });
});

it('is served and told apart: the next request on the connection, whatever the one before was', async () => {
  wire.send(
    headers(1, [...request(path), ['transfer-encoding', 'chunked']]),
    headers(3, request('/pass/next')),
  );
  await wire.until(() => wire.isOver(3));
  expect(wire.bodyOf(3)).toBe('{"ok":true}');
  expect(rig.upstreams.orders.requests.map(({ target }) => target)).toEqual(['/pass/next']);
});
