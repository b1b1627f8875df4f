import { type RequestContext } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { FakeClock, testContext } from '@facet/testing';
import { describe, expect, it, jest } from '@jest/globals';
import { aggregate, type Parts } from './aggregate.ts';
import { LastGood } from './last-good.ts';
import { optional, required } from './part.ts';

const setUp = () => {
  const clock = new FakeClock();
  const client = new AbortController();
  const context = testContext({ clock, signal: client.signal });
  const run = <P extends Parts>(parts: P) => aggregate(context, parts, { clock });
  /** Answers after `ms`, and rejects at once when aborted, as an upstream client does. */
  const after =
    <T>(ms: number, answer: T) =>
    ({ signal }: RequestContext) =>
      new Promise<T>((resolve, reject) => {
        const timer = clock.setTimeout(() => resolve(answer), ms);
        signal.addEventListener('abort', () => {
          clock.clearTimeout(timer);
          reject(new Error('aborted'));
        });
      });
  return { clock, client, context, run, after };
};
/** Hangs and does not even listen to its signal. */
const deaf = () => new Promise<never>(() => undefined);
const failing = (error: Error) => () => Promise.reject(error);
const settledFlag = (promise: Promise<unknown>) => {
  const flag = { settled: false };
  promise.then(
    () => (flag.settled = true),
    () => (flag.settled = true),
  );
  return flag;
};

describe('aggregate', () => {
  it('starts independent parts at once, in the turn it is called', async () => {
    const { clock, run, after } = setUp();
    const answer = run(
      Object.fromEntries(
        Array.from({ length: 5 }, (_, n) => [`p${n}`, required({ withinMs: 100, load: after(40, n) })]),
      ),
    );
    const flag = settledFlag(answer);
    await clock.advance(39);
    expect(flag.settled).toBe(false);
    await clock.advance(1);
    expect(flag.settled).toBe(true);
    expect(await answer).toEqual({
      values: { p0: 0, p1: 1, p2: 2, p3: 3, p4: 4 },
      partial: false,
      parts: [],
    });
    expect(clock.pendingTimers).toBe(0);
  });

  it('plans parts from what they need, and loads each once however many need it', async () => {
    const { clock, run, after } = setUp();
    const loadUser = jest.fn(after(10, { tier: 'paid' }));
    const user = required({ withinMs: 100, load: loadUser });
    const tier = required({
      withinMs: 100,
      needs: { user },
      load: (context, needs) => after(10, needs.user.tier)(context),
    });
    const offers = optional({
      withinMs: 100,
      needs: { user, tier },
      load: (context, needs) => after(10, `${needs.user.tier}/${needs.tier}`)(context),
    });
    const answer = run({ offers, tier, user });
    await clock.advance(30);
    expect((await answer).values).toEqual({ offers: 'paid/paid', tier: 'paid', user: { tier: 'paid' } });
    expect(loadUser).toHaveBeenCalledTimes(1);
  });

  it.each(['obedient', 'deaf'])(
    'names an optional part that hangs (%s) at its deadline and aborts it',
    async (kind) => {
      const { clock, context, run, after } = setUp();
      let seen: RequestContext | undefined;
      const answer = run({
        user: required({ withinMs: 500, load: after(10, 'u') }),
        offers: optional({
          withinMs: 300,
          load: (partContext) => {
            seen = partContext;
            return kind === 'deaf' ? deaf() : after(5_000, 'o')(partContext);
          },
        }),
      });
      const flag = settledFlag(answer);
      await clock.advance(299);
      expect(flag.settled).toBe(false);
      await clock.advance(1);
      expect(flag.settled).toBe(true);
      const parts = [{ part: 'offers', reason: 'upstream_timeout' }];
      expect(await answer).toEqual({ values: { user: 'u', offers: undefined }, partial: true, parts });
      expect(seen?.signal.aborted).toBe(true);
      expect(context.decisions).toMatchObject({ gaps: parts, fallback: 'partial' });
      expect(clock.pendingTimers).toBe(0);
    },
  );

  it('gives each part its own deadline and signal, and never more than the request has left', async () => {
    const { clock, context, run } = setUp();
    const seen: number[] = [];
    const look = (partContext: RequestContext) => {
      seen.push(partContext.deadline.remainingMs());
      expect(partContext.signal).not.toBe(context.signal);
      expect(partContext.decisions).toBe(context.decisions);
      const { requestId, trace, principal, language, apiVersion, clientAddress, startedAtMs } = partContext;
      expect(context).toMatchObject({
        ...{ requestId, trace, principal, language, apiVersion, clientAddress, startedAtMs },
      });
      return Promise.resolve(1);
    };
    await run({ a: required({ withinMs: 200, load: look }), b: required({ withinMs: 60_000, load: look }) });
    expect(seen).toEqual([200, 10_000]);
    const late = run({ a: required({ withinMs: 60_000, load: deaf }) });
    const refused = expect(late).rejects.toMatchObject({ reason: 'deadline_exceeded', status: 504 });
    await clock.advance(10_000);
    await refused;
  });

  it('counts the limit of a part in a chain from the start of the aggregate', async () => {
    const { clock, run, after } = setUp();
    const orders = required({ withinMs: 500, load: after(80, ['o']) });
    const shipments = optional({ withinMs: 100, needs: { orders }, load: after(80, ['s']) });
    const answer = run({ orders, shipments });
    await clock.advance(100);
    expect((await answer).parts).toEqual([{ part: 'shipments', reason: 'upstream_timeout' }]);
  });

  it.each(['upstream_error', 'upstream_unavailable', 'upstream_timeout'] as const)(
    'fails with the error of a required part (%s) at once and aborts the others',
    async (reason) => {
      const { clock, run, after } = setUp();
      const error = new GatewayError(reason, { upstream: 'users' });
      let other: AbortSignal | undefined;
      const answer = run({
        orders: optional({
          withinMs: 5_000,
          load: (context) => {
            other = context.signal;
            return after(4_000, [])(context);
          },
        }),
        user: required({ withinMs: 500, load: failing(error) }),
      });
      await expect(answer).rejects.toBe(error);
      expect(other?.aborted).toBe(true);
      expect(clock.pendingTimers).toBe(0);
    },
  );

  it('leaves out what needs a missing part, for the same reason', async () => {
    const { run } = setUp();
    const load = jest.fn(() => Promise.resolve([]));
    const orders = optional({
      withinMs: 100,
      load: failing(new GatewayError('upstream_busy')) as () => Promise<string[]>,
      otherwise: [],
    });
    const shipments = optional({ withinMs: 100, needs: { orders }, load });
    expect(await run({ orders, shipments })).toEqual({
      values: { orders: [], shipments: undefined },
      partial: true,
      parts: [
        { part: 'orders', reason: 'upstream_busy' },
        { part: 'shipments', reason: 'upstream_busy' },
      ],
    });
    expect(load).not.toHaveBeenCalled();
  });

  it('steps down the ladder: stale copy, static default, gap; each is named', async () => {
    const { clock, context, run } = setUp();
    const copies = new LastGood<string[]>({ maxAgeMs: 1_000, maxEntries: 2, clock });
    let load = () => Promise.resolve(['fresh']);
    const parts = () => ({
      offers: optional({ withinMs: 100, load, stale: { copies, key: 'all' }, otherwise: ['none'] }),
    });
    expect((await run(parts())).values.offers).toEqual(['fresh']);
    expect(context.decisions.fallback).toBeUndefined();

    load = failing(new GatewayError('upstream_unavailable'));
    expect(await run(parts())).toEqual({
      values: { offers: ['fresh'] },
      partial: true,
      parts: [{ part: 'offers', reason: 'upstream_unavailable' }],
    });
    expect(context.decisions.fallback).toBe('stale');

    await clock.advance(1_001);
    expect((await run(parts())).values.offers).toEqual(['none']);
    expect(context.decisions.fallback).toBe('static');
  });

  it('turns what is not a GatewayError into internal_error', async () => {
    const { run } = setUp();
    const broken = failing(new TypeError('x is undefined'));
    expect((await run({ a: optional({ withinMs: 9, load: broken }) })).parts).toEqual([
      { part: 'a', reason: 'internal_error' },
    ]);
    await expect(run({ a: required({ withinMs: 9, load: broken }) })).rejects.toMatchObject({
      reason: 'internal_error',
    });
  });

  it('aborts every part and answers nobody when the client goes away', async () => {
    const { client, clock, context, run } = setUp();
    const signals: AbortSignal[] = [];
    const hang = (partContext: RequestContext) => {
      signals.push(partContext.signal);
      return deaf();
    };
    const answer = run({
      a: required({ withinMs: 900, load: hang }),
      b: optional({ withinMs: 900, load: hang, otherwise: 1 }),
    });
    client.abort();
    await expect(answer).rejects.toMatchObject({ reason: 'client_closed_request' });
    expect(signals.map((signal) => signal.aborted)).toEqual([true, true]);
    expect(context.decisions.gaps).toBeUndefined();
    expect(clock.pendingTimers).toBe(0);
    const load = jest.fn(() => Promise.resolve(1));
    await expect(run({ a: required({ withinMs: 9, load }) })).rejects.toMatchObject({
      reason: 'client_closed_request',
    });
    expect(load).not.toHaveBeenCalled();
  });
});
