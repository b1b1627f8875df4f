import { constants } from 'node:http2';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hang, json, large } from '@facet/testing/upstreams';
import { type ChaosRig } from '../support/chaos-rig.ts';
import { Http2Client } from '../support/http2-client.ts';
import { endHeaders, frame, frameType, headers, Http2Wire, request } from '../support/http2-wire.ts';
import { metric } from '../support/quiet-end.ts';
import { startTlsRig } from '../support/tls-rig.ts';
import { until } from '../support/until.ts';

/** Frames that are legal one by one, by the thousand (CVE-2019-9511 to 9518): the connection ends, the gateway does not. */
const mebibyte = 1024 ** 2;
let rig: ChaosRig<'orders'>;
let client: Http2Client;
beforeAll(async () => {
  rig = await startTlsRig();
  client = await Http2Client.connect(rig.url);
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await rig[Symbol.asyncDispose]();
});

/** Writes frames until the connection is gone or `limit` of them are sent; answers how many. */
async function pour(wire: Http2Wire, limit: number, make: () => Buffer): Promise<number> {
  let sent = 0;
  while (sent < limit && !wire.isClosed) {
    wire.send(...Array.from({ length: 100 }, make));
    sent += 100;
    await new Promise((resolve) => setImmediate(resolve));
    if (wire.socket.writableNeedDrain)
      await wire.until(() => !wire.socket.writableNeedDrain || wire.isClosed);
  }
  return sent;
}

async function assertUnharmed(before: number): Promise<void> {
  rig.upstreams.orders.always(json({ ok: true }));
  expect((await client.ask('/pass/after')).status).toBe(200);
  expect(rig.peakBytes() - before).toBeLessThan(64 * mebibyte);
  await until(async () => (await metric(rig.gateway, 'gateway_requests_in_flight')) === 0);
}

describe('100,000 frames', () => {
  it.each<[string, () => Buffer]>([
    ['PING', () => frame(frameType.ping, 0, 0, Buffer.alloc(8))],
    ['SETTINGS', () => frame(frameType.settings, 0, 0)],
    ['empty DATA', () => frame(frameType.data, 0, 1)],
    ['RST_STREAM of nothing', () => frame(frameType.reset, 0, 99, Buffer.from([0, 0, 0, 8]))],
  ])('of %s cost the connection', async (_, make) => {
    rig.upstreams.orders.always(hang);
    const before = rig.forgetPeak();
    await using wire = await Http2Wire.connect(rig.url);
    wire.acknowledge();
    wire.send(headers(1, request('/pass/x', 'POST'), endHeaders), headers(3, request('/health')));
    await wire.until(() => wire.isOver(3));
    const sent = await pour(wire, 100_000, make);
    await wire.until(() => wire.isClosed);
    expect(sent).toBeLessThan(100_000);
    await assertUnharmed(before);
  });

  it.each<[string, () => Buffer]>([
    ['WINDOW_UPDATE', () => frame(frameType.windowUpdate, 0, 0, Buffer.from([0, 0, 0, 1]))],
    ['DATA for a stream that is over', () => frame(frameType.data, 0, 1, Buffer.alloc(100))],
    ['PRIORITY', () => frame(2, 0, 1, Buffer.from([0, 0, 0, 0, 1]))],
    ['an unknown type', () => frame(0xee, 0, 0, Buffer.alloc(8))],
  ])('of %s cost next to nothing', async (_, make) => {
    const before = rig.forgetPeak();
    await using wire = await Http2Wire.connect(rig.url);
    wire.acknowledge();
    wire.send(headers(1, request('/health')));
    await wire.until(() => wire.isOver(1));
    await pour(wire, 100_000, make);
    await assertUnharmed(before);
  });
});

describe('concurrent streams', () => {
  const open = (wire: Http2Wire) =>
    wire.send(...Array.from({ length: 200 }, (_, index) => headers(index * 2 + 1, request('/pass/x'))));
  const inFlight = () => metric(rig.gateway, 'gateway_requests_in_flight');

  it('beyond the 100 that a client has acknowledged cost the connection', async () => {
    rig.upstreams.orders.always(hang);
    await using wire = await Http2Wire.connect(rig.url);
    wire.acknowledge();
    open(wire);
    await wire.until(() => wire.isClosed);
    expect(wire.goaway).toBe(constants.NGHTTP2_PROTOCOL_ERROR);
    await until(async () => (await inFlight()) === 0);
  });

  it('beyond 100 are refused unserved where a client has not acknowledged anything', async () => {
    rig.upstreams.orders.always(hang);
    await using wire = await Http2Wire.connect(rig.url);
    open(wire);
    await wire.until(() => wire.of(frameType.reset).length >= 100 || wire.isClosed);
    expect(await inFlight()).toBeLessThanOrEqual(100);
    const codes = wire.of(frameType.reset).map(({ payload }) => payload.readUInt32BE(0));
    expect(new Set(codes)).toEqual(new Set([constants.NGHTTP2_REFUSED_STREAM]));
    await wire[Symbol.asyncDispose]();
    await until(async () => (await inFlight()) === 0);
  });

  it('that nobody reads hold a bounded part of their answers', async () => {
    rig.upstreams.orders.always(large(16 * mebibyte));
    const before = rig.forgetPeak();
    // No window at all: not a byte of a body may be sent.
    await using wire = await Http2Wire.connect(rig.url, [[4, 0]]);
    wire.acknowledge();
    for (let id = 1; id < 200; id += 2) wire.send(headers(id, request('/pass/x')));
    await wire.until(() => wire.of(frameType.headers).length === 100 || wire.isClosed);
    // What can be taken in is taken in, and then it stands still.
    for (let peak = 0; peak !== rig.peakBytes();) {
      peak = rig.peakBytes();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await wire[Symbol.asyncDispose]();
    await assertUnharmed(before);
  });
});
