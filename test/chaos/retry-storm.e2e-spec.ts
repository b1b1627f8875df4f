import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { json, text } from '@facet/testing/upstreams';
import { ChaosRig } from '../support/chaos-rig.ts';
import { ClockRig } from '../support/clock-rig.ts';
import { many, tally, until } from '../support/until.ts';

/** Everything fails and everybody tries again: the gateway must not make it worse, nor stand in the way of recovery. */
const emptyPage = json({ items: [], nextCursor: null });

describe('under load', () => {
  let rig: ChaosRig<'orders'>;
  let token: string;

  beforeAll(async () => {
    rig = await ChaosRig.start({ scripted: ['orders'] });
    token = await rig.token();
  });
  afterAll(() => rig[Symbol.asyncDispose]());

  const get = () => rig.client.get('/api/mobile/orders', { token });
  const asked = () => rig.upstreams.orders.requests.length;

  it('leaves nothing in the pool after failing with bodies of 1 MB', async () => {
    rig.upstreams.orders.always(text(Buffer.alloc(1_000_000, 'x'), { status: 503 }));
    await rig.hold('orders', 'closed');
    await many(100, 10, get);
    await rig.upstreams.orders.closedDownTo(0);
    expect(await rig.upstream('orders')).toMatchObject({ active: 0, queued: 0, retrying: 0, sockets: 0 });
    await rig.hold('orders', 'auto');
  });

  it('sends at most 1.2 requests per client request before the circuit opens, and none after', async () => {
    rig.upstreams.orders.always(json({}, { status: 503 }));
    const burst = 100;
    const before = asked();
    await many(burst, burst, get);
    expect(asked() - before).toBeLessThanOrEqual(1.2 * burst);
    expect((await rig.upstream('orders')).state).toBe('open');
    const open = asked();
    const answers = await many(500, 50, get);
    expect(tally(answers.map(({ status }) => status))).toEqual({ 503: 500 });
    // One probe may fall due meanwhile.
    expect(asked() - open).toBeLessThanOrEqual(1);
  });

  it('is back within 5 s of recovery and stays, while clients go on knocking', async () => {
    rig.upstreams.orders.always(emptyPage);
    const recoveredAtMs = performance.now();
    await until(async () => (await many(32, 32, get)).every(({ status }) => status === 200));
    expect(performance.now() - recoveredAtMs).toBeLessThan(5_000);
    const answers = await many(500, 32, get);
    expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 500 });
  });

  it('keeps to 1.2 even where no circuit opens', async () => {
    rig.upstreams.orders.always(json({}, { status: 503 }));
    await rig.hold('orders', 'closed');
    const before = asked();
    await many(1_000, 50, get);
    // What was saved up before adds a handful.
    expect(asked() - before).toBeLessThanOrEqual(1_200 + 15);
  });
});

describe('an upstream that says when to come back', () => {
  let rig: ClockRig<'orders'>;

  beforeAll(async () => {
    rig = await ClockRig.start({
      upstreams: { orders: { retry: { attempts: 3, baseDelayMs: 1, maxDelayMs: 1 }, breaker: 'off' } },
      config: { server: { requestDeadlineMs: 2_000 } },
    });
  });
  afterAll(() => rig[Symbol.asyncDispose]());
  beforeEach(() => {
    rig.upstreams.orders.requests.length = 0;
  });

  it.each([
    ['seconds', () => '30'],
    ['a date', () => new Date(rig.clock.now() + 30_000).toUTCString()],
  ])('is left alone by everybody until then: %s', async (_, retryAfter) => {
    const { orders } = rig.upstreams;
    // An HTTP-date has no milliseconds.
    await rig.clock.advance(1_000 - (rig.clock.now() % 1_000));
    orders.always(json({}, { status: 503, headers: { 'retry-after': retryAfter() } }));
    const paths = ['/json/orders/1', '/json/orders/2', '/json/orders/3'];
    expect((await rig.client.get(paths[0]!)).headers['retry-after']).toBe('30');
    await rig.clock.advance(29_000);
    const answers = await many(30, 10, (index) => rig.client.get(paths[index % paths.length]!));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 503: 30 });
    expect(new Set(answers.map(({ headers }) => headers['retry-after']))).toEqual(new Set(['1']));
    expect(orders.requests.length).toBe(1);
    await rig.clock.advance(1_000);
    orders.always(json({ back: true }));
    expect(await rig.client.get(paths[0]!)).toMatchObject({ status: 200, json: { back: true } });
  });

  it('is not asked again when less is left than a call usually takes', async () => {
    const { orders } = rig.upstreams;
    const answerAfter = async (ms: number, status: number) => {
      const before = orders.requests.length;
      const gate = Promise.withResolvers<void>();
      orders.next(async (socket, request) => {
        await gate.promise;
        await json({}, { status })(socket, request);
      });
      const call = rig.client.get('/json/orders/1');
      await orders.received(before + 1);
      await rig.clock.advance(ms);
      gate.resolve();
      return call;
    };
    for (let call = 1; call <= 20; call++) await answerAfter(700, 200);
    orders.requests.length = 0;
    expect((await answerAfter(1_500, 503)).status).toBe(503);
    expect(orders.requests.length).toBe(1);
  });
});
