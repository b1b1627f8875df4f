import { describe, expect, it } from '@jest/globals';
import { GatewayError } from '@facet/errors';
import { FakeClock } from '@facet/testing';
import { CoalesceStage } from './coalesce-stage.ts';
import { ScriptedAnswer, ScriptedCall, type ScriptedCallOptions } from './test-doubles/scripted-call.ts';
import { ScriptedStage } from './test-doubles/scripted-stage.ts';

function rig(...outcomes: ConstructorParameters<typeof ScriptedStage<ScriptedCall>>) {
  const clock = new FakeClock();
  const next = new ScriptedStage<ScriptedCall>(...outcomes);
  const stage = new CoalesceStage(next, clock, 'orders');
  const ask = (options: ScriptedCallOptions = {}) =>
    stage.run(new ScriptedCall(clock, { shareKey: 'k', ...options }));
  return { clock, next, ask };
}

const hanging = () => Promise.withResolvers<ScriptedAnswer>();

describe('CoalesceStage', () => {
  it('sends 1,000 identical calls once', async () => {
    const one = hanging();
    const { next, ask, clock } = rig(one.promise);
    const calls = Array.from({ length: 1_000 }, () => ask());
    const answer = new ScriptedAnswer();
    one.resolve(answer);
    expect(new Set(await Promise.all(calls))).toEqual(new Set([answer]));
    expect([next.runs.length, clock.pendingTimers]).toEqual([1, 0]);
  });

  it('sends again once the answer is there', async () => {
    const { next, ask } = rig();
    await ask();
    await ask();
    expect(next.runs).toHaveLength(2);
  });

  it('shares nothing between different keys, and nothing without one', async () => {
    const { next, ask, clock } = rig();
    await Promise.all([ask(), ask({ shareKey: 'other' })]);
    expect(next.runs).toHaveLength(2);
    const alone = new ScriptedCall(clock);
    await new CoalesceStage(next, clock, 'orders').run(alone);
    expect(next.runs[2]).toBe(alone);
  });

  it('tells a failure to all', async () => {
    const one = hanging();
    const { ask, next } = rig(one.promise);
    const calls = [ask(), ask()].map((call) => call.catch((error: unknown) => error));
    one.reject(new GatewayError('connection_terminated'));
    expect(await Promise.all(calls)).toMatchObject([
      { reason: 'connection_terminated' },
      { reason: 'connection_terminated' },
    ]);
    expect(next.runs).toHaveLength(1);
  });

  it('lets one waiter leave alone, the first too', async () => {
    const one = hanging();
    const { ask, next } = rig(one.promise);
    const leaving = new AbortController();
    const first = ask({ signal: leaving.signal }).catch((error: unknown) => error);
    const second = ask();
    leaving.abort();
    expect(await first).toMatchObject({ reason: 'client_closed_request' });
    expect(next.runs[0]?.signal.aborted).toBe(false);
    one.resolve(new ScriptedAnswer());
    expect(await second).toMatchObject({ status: 200 });
  });

  it('aborts the upstream when the last one has left, and lets nobody join what is aborted', async () => {
    const { ask, next, clock } = rig(hanging().promise);
    const leaving = [new AbortController(), new AbortController()];
    const calls = leaving.map(({ signal }) => ask({ signal }).catch((error: unknown) => error));
    leaving[0]?.abort();
    leaving[1]?.abort();
    await Promise.all(calls);
    expect([next.runs[0]?.signal.aborted, clock.pendingTimers]).toEqual([true, 0]);
    await ask();
    expect(next.runs).toHaveLength(2);
  });

  it('lets a waiter go at his own deadline', async () => {
    const one = hanging();
    const { ask, clock } = rig(one.promise);
    const first = ask();
    const second = ask({ timeoutMs: 100 }).catch((error: unknown) => error);
    await clock.advance(101);
    expect(await second).toMatchObject({ reason: 'upstream_timeout' });
    one.resolve(new ScriptedAnswer());
    expect(await first).toMatchObject({ status: 200 });
  });

  it('asks anew for who has more time left than the first caller had', async () => {
    const one = hanging();
    const { ask, clock, next } = rig(one.promise);
    const first = ask({ timeoutMs: 100 }).catch((error: unknown) => error);
    const second = ask({ timeoutMs: 5_000 });
    await clock.advance(100);
    one.reject(new GatewayError('upstream_timeout'));
    expect(await first).toMatchObject({ reason: 'upstream_timeout' });
    expect(await second).toMatchObject({ status: 200 });
    expect(next.runs).toHaveLength(2);
  });
});
