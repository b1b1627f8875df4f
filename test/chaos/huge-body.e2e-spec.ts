import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { large } from '@facet/testing/upstreams';
import { ChaosRig } from '../support/chaos-rig.ts';

/**
 * A body far larger than the memory it may cost, for a client that reads when it pleases: streamed at its pace, never
 * gathered. The whole gibibyte is sent in test/e2e.
 */
const mebibyte = 1024 ** 2;
const bodyBytes = 256 * mebibyte;
const maxGrowthBytes = 64 * mebibyte;
/** What the kernel's socket buffers and both processes' own may hold of it together. */
const onTheWayBytes = 64 * mebibyte;
let rig: ChaosRig<'orders'>;
let source: Socket | undefined;
let writtenBefore = 0;
/** Of the latest answer; its socket may have carried others. */
const written = () => source!.bytesWritten - writtenBefore;

beforeAll(async () => {
  rig = await ChaosRig.start({
    scripted: ['orders'],
    routes: [{ id: 'pass', path: '/pass/*', upstream: 'orders' }],
  });
  rig.upstreams.orders.always((socket, request) => {
    source = socket;
    writtenBefore = socket.bytesWritten;
    return large(bodyBytes)(socket, request);
  });
});
afterAll(() => rig[Symbol.asyncDispose]());

async function open(path: string): Promise<IncomingMessage> {
  const [answer] = (await once(get(rig.url + path, { agent: false }), 'response')) as [IncomingMessage];
  return answer;
}

it('makes the upstream wait while the client does not read, and arrives whole in flat memory', async () => {
  const rested = rig.forgetPeak();
  const answer = await open('/pass/huge');
  // Nobody reads: what can be sent is sent, and then it stands still, though the gateway goes on with other requests.
  let before = -1;
  while (written() !== before || !source!.writableNeedDrain) {
    before = written();
    for (let turns = 0; turns < 20; turns++) await rig.client.get('/health');
  }
  expect(written()).toBeLessThan(onTheWayBytes);

  let received = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) received += chunk.length;
  expect(received).toBe(bodyBytes);
  expect(rig.peakBytes() - rested).toBeLessThan(maxGrowthBytes);
});

it('stops at the upstream when the client has seen enough', async () => {
  const answer = await open('/pass/huge');
  await once(answer, 'readable');
  answer.destroy();
  await rig.upstreams.orders.closedDownTo(0);
  expect(written()).toBeLessThan(onTheWayBytes);
});

it('is refused where it would have to be gathered: 502 without reading it', async () => {
  const before = rig.forgetPeak();
  const answer = await rig.client.get('/api/mobile/orders', { token: await rig.token() });
  expect(answer).toMatchObject({ status: 502, json: { reason: 'upstream_body_too_large' } });
  expect(answer.headers['proxy-status']).toContain('error=http_response_body_size');
  await rig.upstreams.orders.closedDownTo(0);
  expect(written()).toBeLessThan(onTheWayBytes);
  expect(rig.peakBytes() - before).toBeLessThan(maxGrowthBytes);
});
