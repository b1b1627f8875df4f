import { type IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { FakeClock } from '@facet/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { RequestBody } from './request-body.ts';
import { UploadWatch } from './upload-watch.ts';

const answerMs = 1_000;
let clock: FakeClock;
let raw: PassThrough;
let body: RequestBody;
let watch: UploadWatch;

beforeEach(() => {
  clock = new FakeClock();
  raw = new PassThrough({ highWaterMark: 1024 * 1024 });
  const message = Object.assign(raw, { headers: { 'transfer-encoding': 'chunked' } });
  body = new RequestBody(message as unknown as IncomingMessage, Infinity);
  watch = new UploadWatch(clock, body, answerMs);
});

async function send(bytes: number): Promise<void> {
  raw.write(Buffer.alloc(bytes));
  await new Promise((resolve) => setImmediate(resolve));
}

describe('UploadWatch', () => {
  it('gives up on a client that sends nothing', async () => {
    body.resume();
    await clock.advance(answerMs);
    expect(watch.signal.reason).toMatchObject({ reason: 'request_timeout' });
    expect(clock.pendingTimers).toBe(0);
  });

  it('grants more time with every byte', async () => {
    body.resume();
    await send(16_000); // a second's worth
    await clock.advance(answerMs + 900);
    expect(watch.signal.aborted).toBe(false);
    await clock.advance(200);
    expect(watch.signal.reason).toMatchObject({ reason: 'request_timeout' });
  });

  it('gives up on an upstream that takes nothing', async () => {
    body.read(0);
    await send(100_000);
    await clock.advance(answerMs + 100_000 / 16 + 1);
    expect(watch.signal.reason).toMatchObject({ reason: 'upstream_timeout' });
  });

  it('gives the upstream its time from the last byte on', async () => {
    body.resume();
    await clock.advance(900);
    raw.end('x');
    await new Promise((resolve) => body.once('end', resolve));
    await clock.advance(999);
    expect(watch.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(watch.signal.reason).toMatchObject({ reason: 'upstream_timeout' });
  });

  it('leaves no timer behind', () => {
    watch.stop();
    expect(clock.pendingTimers).toBe(0);
  });
});
