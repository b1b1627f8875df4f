import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { GatewayError } from '@facet/errors';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { BufferBudget } from './buffer-budget.ts';
import { SharedBody, type SharedBodyOptions } from './shared-body.ts';

const kib = 1024;
let budget: BufferBudget;
let outcomes: (Buffer | string)[];

beforeEach(() => {
  budget = new BufferBudget(64 * kib);
  outcomes = [];
});

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const share = (source: Readable, options: Partial<SharedBodyOptions> = {}): SharedBody =>
  new SharedBody(source, {
    maxBytes: 16 * kib,
    budget,
    expectedBytes: undefined,
    unattended: false,
    settled: (outcome) => void outcomes.push(outcome),
    ...options,
  });
const opened = (body: SharedBody): Readable => body.open() as Readable;

/** Bytes on demand, counted. */
function endless(chunkBytes: number, chunks: number): { source: Readable; sent: () => number } {
  let sent = 0;
  const source = new Readable({
    highWaterMark: chunkBytes,
    read() {
      this.push(sent++ < chunks ? Buffer.alloc(chunkBytes) : null);
    },
  });
  return { source, sent: () => sent * chunkBytes };
}

describe('SharedBody', () => {
  it('keeps the whole in memory of its own, and gives its room back', async () => {
    const source = new PassThrough();
    const body = share(source);
    const text = buffer(opened(body));
    source.write('one ');
    source.end('two');
    expect((await text).toString()).toBe('one two');
    expect(outcomes).toEqual([Buffer.from('one two')]);
    expect((outcomes[0] as Buffer).buffer.byteLength).toBe(7);
    expect([budget.usedBytes, body.open()]).toEqual([0, outcomes[0]]);
  });

  it('goes at the pace of the slowest once it is over its bounds', async () => {
    const { source, sent } = endless(4 * kib, 10_000);
    const body = share(source);
    const fast = opened(body).resume();
    const slow = opened(body);
    await settle();
    await settle();
    // What is kept, what the slow reader and the source hold, and a chunk each.
    const bound = 16 * kib + 2 * 64 * kib + 8 * kib;
    expect(sent()).toBeLessThan(bound);
    for (let turn = 0; turn < 50; turn++) slow.read();
    await settle();
    expect(sent()).toBeGreaterThan(16 * kib);
    expect([body.joinable, budget.usedBytes, outcomes]).toEqual([false, 0, ['too large']]);
    fast.destroy();
    slow.destroy();
    await settle();
    expect(source.destroyed).toBe(true);
  });

  it('delivers every byte to each reader, whatever their pace', async () => {
    const bytes = Buffer.from(Array.from({ length: 200 * kib }, (_, index) => index % 251));
    const source = Readable.from(
      (function* () {
        for (let at = 0; at < bytes.length; at += 3_000) yield bytes.subarray(at, at + 3_000);
      })(),
    );
    const body = share(source);
    const slowly = async (reader: Readable): Promise<Buffer> => {
      const chunks: Buffer[] = [];
      for await (const chunk of reader) {
        chunks.push(chunk as Buffer);
        await settle();
      }
      return Buffer.concat(chunks);
    };
    const copies = await Promise.all([buffer(opened(body)), slowly(opened(body)), buffer(opened(body))]);
    expect(copies.map((copy) => copy.equals(bytes))).toEqual([true, true, true]);
  });

  it('goes on for those who stay', async () => {
    const source = new PassThrough();
    const body = share(source);
    const leaver = opened(body);
    const text = buffer(opened(body));
    source.write('one ');
    leaver.destroy();
    await settle();
    source.end('two');
    expect((await text).toString()).toBe('one two');
  });

  it('is not kept when all that is on its way is too much', async () => {
    budget.take(63 * kib);
    const { source } = endless(kib, 4);
    const body = share(source);
    expect((await buffer(opened(body))).length).toBe(4 * kib);
    expect([outcomes, budget.usedBytes]).toEqual([['too large'], 63 * kib]);
  });

  it.each([
    [
      'fails',
      (source: PassThrough) => source.destroy(new GatewayError('connection_terminated')),
      'connection_terminated',
    ],
    ['closes without an end', (source: PassThrough) => source.destroy(), 'upstream_response_incomplete'],
    ['ends early', (source: PassThrough) => source.end(), 'upstream_response_incomplete'],
  ])('breaks off for every reader when the origin’s body %s', async (_, stop, reason) => {
    const source = new PassThrough();
    const body = share(source, { expectedBytes: 100 });
    const texts = [buffer(opened(body)), buffer(opened(body))];
    source.write('half');
    await settle();
    stop(source);
    for (const text of texts) await expect(text).rejects.toMatchObject({ reason });
    await expect(buffer(opened(body))).rejects.toMatchObject({ reason });
    expect([outcomes, budget.usedBytes, body.joinable]).toEqual([['broken'], 0, false]);
  });

  it('ends with its last reader, unless nobody was to read it', async () => {
    const attended = new PassThrough();
    opened(share(attended)).destroy();
    const unattended = new PassThrough();
    const body = share(unattended, { unattended: true });
    opened(body).destroy();
    await settle();
    expect([attended.destroyed, unattended.destroyed]).toEqual([true, false]);
    unattended.end('kept');
    await settle();
    expect(outcomes).toEqual(['broken', Buffer.from('kept')]);
  });

  it('without any reader is kept or let go, never left hanging', async () => {
    const { source } = endless(4 * kib, 10_000);
    share(source);
    await settle();
    await settle();
    expect([source.destroyed, outcomes]).toEqual([true, ['too large']]);
  });
});
