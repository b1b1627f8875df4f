import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Answer, head, hangUp, json, raw, reset } from '@facet/testing/upstreams';
import { ChaosRig } from '../support/chaos-rig.ts';

/** An upstream that sends what is no sound answer: 502, its socket dropped, nothing of it shown, nobody harmed. */
let rig: ChaosRig<'orders'>;
let token: string;

beforeAll(async () => {
  rig = await ChaosRig.start({
    scripted: ['orders'],
    routes: [{ id: 'pass', path: '/pass/*', upstream: 'orders', retry: 'off' }],
  });
  token = await rig.token();
});
afterAll(() => rig[Symbol.asyncDispose]());
beforeEach(() => rig.hold('orders', 'auto'));

const canary = 'GARBAGE-CANARY';
const sound = { 'content-type': 'application/json', 'content-length': '2' };
const ok = (fields: Record<string, string | readonly string[]>, body = '{}'): Answer =>
  raw(head(200, { 'content-type': 'application/json', ...fields }) + body);

/** Broken in their framing: no client of HTTP may take them for an answer. */
const broken: Record<string, Answer> = {
  'no HTTP at all': raw(`LPTH/7.7 ${canary}\r\n\r\n`),
  'bytes of another protocol': raw(Buffer.from('160301020001000101', 'hex')),
  'a status of no number': raw(`HTTP/1.1 abc ${canary}\r\n\r\n`),
  'a status of four digits': raw(`HTTP/1.1 2000 OK\r\ncontent-length: 0\r\n\r\n`),
  'a version that does not exist': raw(`HTTP/9.9 200 OK\r\ncontent-length: 0\r\n\r\n`),
  'a field without a colon': raw(`HTTP/1.1 200 OK\r\n${canary}\r\n\r\n`),
  'a space before the colon': raw('HTTP/1.1 200 OK\r\nx-a : b\r\ncontent-length: 0\r\n\r\n'),
  'a folded field': raw('HTTP/1.1 200 OK\r\nx-a: b\r\n c\r\ncontent-length: 0\r\n\r\n'),
  'NUL in a value': raw('HTTP/1.1 200 OK\r\nx-a: b\0c\r\ncontent-length: 0\r\n\r\n'),
  'a bare CR in a value': raw('HTTP/1.1 200 OK\r\nx-a: b\rc\r\ncontent-length: 0\r\n\r\n'),
  'an endless head': raw(`HTTP/1.1 200 OK\r\nx-a: ${'a'.repeat(200_000)}`),
  'a length of no number': ok({ 'content-length': 'two' }),
  'a negative length': ok({ 'content-length': '-2' }),
  'two lengths that differ': ok({ 'content-length': ['2', '3'] }),
  'a length and chunks': ok(
    { 'content-length': '2', 'transfer-encoding': 'chunked' },
    '2\r\n{}\r\n0\r\n\r\n',
  ),
  'a transfer coding nobody knows': ok({ 'transfer-encoding': 'gzip' }),
  'chunked that is not last': ok({ 'transfer-encoding': 'chunked, gzip' }),
  'the connection closed without an answer': hangUp,
  'the connection reset': reset,
};

/** Sound in their framing, but not the JSON a typed client needs. */
const unusable: Record<string, Answer> = {
  'a chunk size of no number': ok({ 'transfer-encoding': 'chunked' }, `xyz\r\n${canary}`),
  'a chunk longer than it says': ok({ 'transfer-encoding': 'chunked' }, `2\r\n${canary}\r\n0\r\n\r\n`),
  'JSON cut short': ok({ 'content-length': '6' }, '{"a":['),
  'JSON and more': ok({ 'content-length': '4' }, '{}{}'),
  'text that says it is JSON': ok({ 'content-length': String(canary.length) }, canary),
  'another media type': ok({ ...sound, 'content-type': 'text/html' }),
  'no media type': raw('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'),
  'a content coding nobody asked for': ok({ ...sound, 'content-encoding': 'gzip' }),
  'JSON of another shape': json({ items: [{ id: 7, canary }], nextCursor: null }),
  null: json(null),
};

async function assert502(path: string): Promise<void> {
  const answer = await rig.client.get(path, { token });
  expect({ status: answer.status, reason: answer.json.reason }).toEqual({
    status: 502,
    reason: expect.stringMatching(
      /^(upstream_protocol_error|connection_terminated|upstream_response_incomplete)$/,
    ),
  });
  expect(answer.headers['proxy-status']).toContain('next-hop=orders');
  expect(answer.text + JSON.stringify(answer.headers)).not.toMatch(
    /CANARY|node_modules|at .*\.(js|ts)|127\.0\.0\.1/,
  );
}

describe('an answer that is broken', () => {
  it.each(Object.entries(broken))('is 502 for an endpoint and a route: %s', async (_, answer) => {
    const { orders } = rig.upstreams;
    orders.always(answer);
    await assert502('/api/mobile/orders');
    await assert502('/pass/x');
    await orders.closedDownTo(0);
  });
});

describe('an answer that is not what the endpoint needs', () => {
  it.each(Object.entries(unusable))('is 502: %s', async (_, answer) => {
    rig.upstreams.orders.always(answer);
    await assert502('/api/mobile/orders');
  });
});

it('goes on as if nothing had been: the same process serves the next sound answer', async () => {
  rig.upstreams.orders.always(json({ items: [], nextCursor: null }));
  expect((await rig.client.get('/api/mobile/orders', { token })).status).toBe(200);
  expect((await rig.client.get('/pass/x')).status).toBe(200);
  expect(rig.gateway.child.exitCode).toBeNull();
});
