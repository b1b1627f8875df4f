import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Answer, head, text } from '@facet/testing/upstreams';
import { ChaosRig } from '../support/chaos-rig.ts';
import { sized, sizedTimeoutMs } from '../support/full-size.ts';
import { many, tally } from '../support/until.ts';

/** An upstream that lies about its lengths: no client ever gets what was meant for another, or the half as the whole. */
const asked = sized(2_000, 100_000);
let rig: ChaosRig<'orders'>;
/** Connections that may carry no further request. */
const spoiled = new Map<number, number>();

beforeAll(async () => {
  rig = await ChaosRig.start({
    scripted: ['orders'],
    routes: [{ id: 'pass', path: '/pass/*', upstream: 'orders', retry: 'off' }],
  });
});
afterAll(() => rig[Symbol.asyncDispose]());

const bodyOf = (target: string) => JSON.stringify({ path: target }).padEnd(64);
const framed = (length: number, body: string) => head(200, { 'content-length': String(length) }) + body;
const foreign = framed(15, '{"path":"/evil"}'.slice(0, 15));

/** By the last digit of the path; the others are sound. */
const lies: Record<string, (body: string) => string> = {
  1: (body) => framed(body.length, body) + foreign,
  2: (body) => `${framed(body.length, body)}\r\n\r\n${foreign}`,
  3: (body) => framed(body.length - 10, body),
  4: (body) => framed(body.length + 10, body),
};

const liar: Answer = (socket, request) => {
  const { target, connection } = request;
  const lie = lies[target.slice(-1)];
  const body = bodyOf(target);
  if (lie === undefined) return text(body)(socket, request);
  spoiled.set(connection, rig.upstreams.orders.requests.length);
  const bytes = lie(body);
  if (target.endsWith('4')) socket.end(bytes);
  else socket.write(bytes);
};

async function ask(path: string): Promise<string> {
  try {
    const answer = await rig.client.get(path);
    if (answer.status !== 200) return `status ${answer.status}`;
    if (answer.text === bodyOf(path)) return 'whole';
    return bodyOf(path).startsWith(answer.text) ? 'as long as was said' : 'mismatch';
  } catch {
    return 'broken off';
  }
}

async function interleave(): Promise<void> {
  rig.upstreams.orders.always(liar);
  const seen = await many(asked, 32, async (index) => [index % 10, await ask(`/pass/${index}`)] as const);
  expect(tally(seen.map(([, outcome]) => outcome))['mismatch']).toBeUndefined();
  const of = (digit: number) => tally(seen.filter(([last]) => last === digit).map(([, outcome]) => outcome));
  for (const sound of [0, 1, 5, 6, 7, 8, 9]) expect(of(sound)).toEqual({ whole: asked / 10 });
  expect(of(4)).toEqual({ 'broken off': asked / 10 });
}

it(`gives 0 mismatched answers of ${asked} interleaved ones`, interleave, sizedTimeoutMs);

it('never uses a connection again on which there was more than was said', () => {
  const reused = rig.upstreams.orders.requests.filter(
    ({ connection }, index) => index >= (spoiled.get(connection) ?? Infinity),
  );
  expect(spoiled.size).toBe((asked / 10) * Object.keys(lies).length);
  expect(reused).toEqual([]);
});
