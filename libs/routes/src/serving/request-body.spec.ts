import { type IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { hasBody, RequestBody } from './request-body.ts';

function incoming(headers: Record<string, string>): PassThrough & IncomingMessage {
  return Object.assign(new PassThrough(), { headers }) as unknown as PassThrough & IncomingMessage;
}

describe('hasBody', () => {
  it.each([
    [{}, false],
    [{ 'content-length': '0' }, false],
    [{ 'content-length': '3' }, true],
    [{ 'transfer-encoding': 'chunked' }, true],
  ])('of %j is %s', (headers, expected) => expect(hasBody(incoming(headers))).toBe(expected));
});

describe('RequestBody', () => {
  it('is what came', async () => {
    const raw = incoming({ 'transfer-encoding': 'chunked' });
    const body = new RequestBody(raw, 10);
    raw.write('hello');
    raw.end('world');
    expect(await text(body)).toBe('helloworld');
    expect(body.receivedBytes).toBe(10);
  });

  it('is refused unread when it declares too much', () => {
    const raw = incoming({ 'content-length': '11' });
    expect(() => new RequestBody(raw, 10)).toThrow(expect.objectContaining({ reason: 'body_too_large' }));
    expect(raw.listenerCount('data')).toBe(0);
  });

  it('breaks off at the limit when it does not, and leaves the connection alone', async () => {
    const raw = incoming({ 'transfer-encoding': 'chunked' });
    const body = new RequestBody(raw, 10);
    raw.write('hello world');
    await expect(text(body)).rejects.toMatchObject({ reason: 'body_too_large' });
    expect(body.fault).toMatchObject({ reason: 'body_too_large' });
    expect([raw.destroyed, raw.isPaused()]).toEqual([false, true]);
  });

  it('never ends cleanly when the client broke off', async () => {
    const raw = incoming({ 'content-length': '10' });
    const body = new RequestBody(raw, 10);
    raw.write('hello');
    raw.destroy();
    await expect(text(body)).rejects.toMatchObject({ reason: 'client_closed_request' });
  });

  it('holds the client back while nobody reads', async () => {
    const raw = incoming({ 'transfer-encoding': 'chunked' });
    const body = new RequestBody(raw, Infinity);
    body.read(0);
    raw.write(Buffer.alloc(100_000));
    await new Promise((resolve) => setImmediate(resolve));
    expect([raw.isPaused(), body.isBlocked]).toEqual([true, true]);
    body.read();
    await new Promise((resolve) => setImmediate(resolve));
    expect([raw.isPaused(), body.isBlocked]).toEqual([false, false]);
  });
});
