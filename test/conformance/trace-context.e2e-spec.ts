import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Family, startFamily } from '../support/family.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const parentId = 'b7ad6b7169203331';
const valid = `00-${traceId}-${parentId}-01`;

let family: Family;
let token: string;
beforeAll(async () => {
  family = await startFamily(['web']);
  token = await family.web.client.login('/api/web', 'enterprise');
});
afterAll(() => family.stop());

/** The trace fields that order-service received. */
async function passedOn(headers: Record<string, string | string[]>) {
  const { status } = await family.web.client.get('/api/web/orders?limit=1', { token, headers });
  expect(status).toBe(200);
  const { traceparent = '', tracestate } = family.stack.services.orders.last()?.headers ?? {};
  expect(traceparent).toMatch(/^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-0[01]$/);
  const [, trace, span, flags] = String(traceparent).split('-');
  return { trace, span, flags, tracestate };
}

describe('a valid traceparent', () => {
  it('keeps its trace and its flag, in a new span at each hop', async () => {
    const spans = new Set<string | undefined>([parentId]);
    for (const flags of ['00', '01', '01']) {
      const passed = await passedOn({ traceparent: `00-${traceId}-${parentId}-${flags}` });
      expect(passed).toMatchObject({ trace: traceId, flags });
      expect(spans).not.toContain(passed.span);
      spans.add(passed.span);
    }
  });

  it('has each of several upstream calls in a span of its own', async () => {
    await family.web.client.get('/api/web/home', { token, headers: { traceparent: valid } });
    const { orders, users, catalog } = family.stack.services;
    const parents = [orders, users, catalog].map((service) => String(service.last()?.headers['traceparent']));
    expect(parents.every((parent) => parent.includes(traceId))).toBe(true);
    expect(new Set(parents).size).toBe(3);
  });

  it.each(['a=1', 'a=1,b=2', 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE', `a=${'x'.repeat(510)}`])(
    'keeps its tracestate whole: %s',
    async (tracestate) => {
      expect((await passedOn({ traceparent: valid, tracestate })).tracestate).toBe(tracestate);
    },
  );

  it('joins several tracestate fields in their order', async () => {
    expect((await passedOn({ traceparent: valid, tracestate: ['a=1', 'b=2'] })).tracestate).toMatch(
      /^a=1, ?b=2$/,
    );
  });

  it('loses a tracestate over 512 characters, whole', async () => {
    expect(await passedOn({ traceparent: valid, tracestate: `a=${'x'.repeat(511)}` })).toMatchObject({
      trace: traceId,
      tracestate: undefined,
    });
  });

  it('of a later version is read as far as it is known', async () => {
    const passed = await passedOn({
      traceparent: `cc-${traceId}-${parentId}-01-what-comes-next`,
      tracestate: 'a=1',
    });
    expect(passed).toMatchObject({ trace: traceId, tracestate: 'a=1' });
  });
});

describe('an invalid traceparent', () => {
  it.each([
    '',
    'garbage',
    `00-${traceId}-${parentId}`,
    `00-${traceId}-${parentId}-1`,
    `00-${traceId}-${parentId}-01-more`,
    `00-${traceId.toUpperCase()}-${parentId}-01`,
    `00-${'0'.repeat(32)}-${parentId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `ff-${traceId}-${parentId}-01`,
    `0-${traceId}-${parentId}-01`,
    `00-${traceId.slice(1)}-${parentId}-01`,
    `00-${traceId}x-${parentId}-01`,
    `00-${traceId}-${parentId}-zz`,
    `00_${traceId}_${parentId}_01`,
    `${valid},${valid}`,
  ])('%j starts a new trace, without the state of the old one', async (traceparent) => {
    const passed = await passedOn({ traceparent, tracestate: 'a=secret' });
    expect(passed.trace).not.toBe(traceId);
    expect(passed.tracestate).toBeUndefined();
  });

  it('is also two of them, or none', async () => {
    const twice = await passedOn({ traceparent: [valid, `00-${traceId}-${parentId}-00`], tracestate: 'a=1' });
    const none = await passedOn({ tracestate: 'a=1' });
    for (const { trace, tracestate } of [twice, none]) {
      expect(trace).not.toBe(traceId);
      expect(tracestate).toBeUndefined();
    }
  });

  it('starts another trace for each request', async () => {
    const traces = [await passedOn({}), await passedOn({}), await passedOn({})].map(({ trace }) => trace);
    expect(new Set(traces).size).toBe(3);
  });
});

describe('a request id', () => {
  it.each(['abc', 'A-b_c.9', 'x'.repeat(64)])('%s is kept, told and passed on', async (id) => {
    const answer = await family.web.client.get('/api/web/orders?limit=1', {
      token,
      headers: { 'x-request-id': id },
    });
    expect(answer.headers['x-request-id']).toBe(id);
    expect(family.stack.services.orders.last()?.headers['x-request-id']).toBe(id);
  });

  it.each(['', 'x'.repeat(65), 'a b', 'a,b', '<script>', '"', 'é'])('%j is replaced', async (id) => {
    const answer = await family.web.client.get('/api/web/nothing', { headers: { 'x-request-id': id } });
    expect(answer.headers['x-request-id']).toMatch(/^[a-z0-9]{24}$/);
    expect(answer.json.instance).toBe(answer.headers['x-request-id']);
  });
});
