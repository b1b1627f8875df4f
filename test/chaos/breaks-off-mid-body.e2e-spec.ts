import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Answer, head, json, raw, reset, text } from '@facet/testing/upstreams';
import { ChaosRig } from '../support/chaos-rig.ts';
import { sized, sizedTimeoutMs } from '../support/full-size.ts';
import { many, tally } from '../support/until.ts';

/**
 * An upstream that stops in the middle of a body: the client's connection is destroyed too, so that nobody takes the
 * half for the whole, nothing is cached, and only what may be sent twice is.
 */
const clients = sized(500, 1_000);
let rig: ChaosRig<'orders'>;

beforeAll(async () => {
  rig = await ChaosRig.start({
    scripted: ['orders'],
    routes: [
      { id: 'pass', path: '/pass/*', upstream: 'orders' },
      { id: 'cached', path: '/cached/*', upstream: 'orders', cache: { identity: 'public', ttlSeconds: 60 } },
    ],
  });
  // Its breaker is the matter of another file: here it would only spare the upstream.
  await rig.hold('orders', 'closed');
});
afterAll(() => rig[Symbol.asyncDispose]());
beforeEach(() => {
  rig.upstreams.orders.requests.length = 0;
});

const type = { 'content-type': 'text/plain' };
const half = 'x'.repeat(5_000);
const declared = head(200, { ...type, 'content-length': '10000' }) + half;
const chunked = `${head(200, { ...type, 'transfer-encoding': 'chunked' })}1388\r\n${half}\r\n`;
const breaks: Record<string, Answer> = {
  'a declared length, closed': raw(declared, 'end'),
  'a declared length, reset': raw(declared, 'reset'),
  'chunks, closed': raw(chunked, 'end'),
  'chunks, reset': raw(chunked, 'reset'),
  'chunks, then none of any size': raw(`${chunked}zz\r\n`),
};

/** What a client sees of an answer: that it broke off, a problem in its place, or a clean end. */
async function end(path: string, coding = 'identity'): Promise<'clean' | 'told'> {
  return await rig.client.get(path, { headers: { 'accept-encoding': coding } }).then(
    // A reset may overtake the head, and then there is time for a problem.
    ({ status }) => (status === 502 ? 'told' : 'clean'),
    () => 'told',
  );
}

async function breakOff(path: string): Promise<void> {
  const kinds = Object.values(breaks);
  let turn = 0;
  rig.upstreams.orders.always((socket, request) => kinds[turn++ % kinds.length]!(socket, request));
  const ends = await many(clients, 32, (index) => end(path + index, index % 2 ? 'gzip' : 'identity'));
  expect(tally(ends)).toEqual({ told: clients });
}

it.each(['/pass/x', '/cached/x'])(
  `shows ${clients} of ${clients} clients of %s that it broke off`,
  breakOff,
  sizedTimeoutMs,
);

it.each(Object.entries(breaks))('is never stored, only the whole is: %s', async (kind, answer) => {
  const { orders } = rig.upstreams;
  const path = `/cached/again?after=${encodeURIComponent(kind)}`;
  orders.next(answer);
  orders.always(text('whole'));
  expect(await end(path)).toBe('told');
  for (const _ of [1, 2]) expect(await rig.client.get(path)).toMatchObject({ status: 200, text: 'whole' });
  expect(orders.requests.length).toBe(2);
});

describe('one reset in ten before the first byte', () => {
  let turn: number;
  beforeEach(() => {
    turn = 0;
    rig.upstreams.orders.always((socket, request) => (turn++ % 10 === 9 ? reset : json({}))(socket, request));
  });

  it('is made good for 99 % of 1,000 GETs', async () => {
    const answers = await many(1_000, 16, () => rig.client.get('/pass/x'));
    const good = answers.filter(({ status }) => status === 200).length;
    expect(good).toBeGreaterThanOrEqual(990);
  });

  it('duplicates 0 POSTs: what failed is 502', async () => {
    const answers = await many(500, 16, () => rig.client.post('/pass/x', {}));
    expect(rig.upstreams.orders.requests.length).toBe(500);
    expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 450, 502: 50 });
  });
});
