import { describe, expect, it } from '@jest/globals';
import { GatewayError } from '@facet/errors';
import { FakeClock } from '@facet/testing';
import { HedgeStage } from './hedge-stage.ts';
import { Latencies } from './latencies.ts';
import { RetryBudget } from './retry-budget.ts';
import { ScriptedAnswer, type ScriptedAttempt, ScriptedCall } from './test-doubles/scripted-call.ts';
import { ScriptedStage } from './test-doubles/scripted-stage.ts';

const usual = new Latencies();
for (let n = 0; n < 100; n++) usual.record(10);
const afterMs = usual.quantile(0.95)!;

function rig(...outcomes: ConstructorParameters<typeof ScriptedStage<ScriptedAttempt>>) {
  const clock = new FakeClock();
  const budget = new RetryBudget(clock);
  const next = new ScriptedStage<ScriptedAttempt>(...outcomes);
  const parts = { clock, upstream: 'orders', budget, afterQuantile: 0.95, onHedge: () => undefined };
  const stage = new HedgeStage(next, parts);
  const call = new ScriptedCall(clock, { latencies: usual });
  return { clock, budget, next, call, run: () => stage.run(call.nextAttempt()) };
}

describe('HedgeStage', () => {
  it('makes one attempt when the first is as fast as usual', async () => {
    const { next, run, clock } = rig();
    await run();
    expect([next.runs.length, clock.pendingTimers]).toEqual([1, 0]);
  });

  it('makes a second after the usual time; the first good answer counts and the loser is aborted', async () => {
    const slow = Promise.withResolvers<ScriptedAnswer>();
    const { next, run, clock, call, budget } = rig(slow.promise);
    const result = run();
    await clock.advance(afterMs - 0.1);
    expect(next.runs).toHaveLength(1);
    await clock.advance(0.1);
    expect(await result).toMatchObject({ status: 200 });
    expect(call.attempts[0]?.aborted?.reason).toBe('client_closed_request');
    expect(call.attempts[1]?.aborted).toBeUndefined();
    expect(budget.retrying).toBe(0);
    const late = new ScriptedAnswer();
    slow.resolve(late);
    await clock.advance(0);
    expect(late.discarded).toBe(true);
  });

  it('prefers the first when it comes in after all', async () => {
    const first = Promise.withResolvers<ScriptedAnswer>();
    const { run, clock, call } = rig(first.promise, new Promise(() => undefined));
    const result = run();
    await clock.advance(afterMs);
    const answer = new ScriptedAnswer();
    first.resolve(answer);
    expect(await result).toBe(answer);
    expect(call.attempts[1]?.aborted?.reason).toBe('client_closed_request');
  });

  it('waits for the other when one fails', async () => {
    const first = Promise.withResolvers<ScriptedAnswer>();
    const { run, clock } = rig(first.promise, new GatewayError('connection_terminated'));
    const result = run();
    await clock.advance(afterMs);
    first.resolve(new ScriptedAnswer(200));
    expect(await result).toMatchObject({ status: 200 });
  });

  it('waits for the other when one answers 5xx, and takes it when there is no better', async () => {
    const first = Promise.withResolvers<ScriptedAnswer>();
    const bad = new ScriptedAnswer(503);
    const { run, clock } = rig(first.promise, bad);
    const result = run();
    await clock.advance(afterMs);
    first.reject(new GatewayError('connection_terminated'));
    expect(await result).toBe(bad);
  });

  it('fails when both fail', async () => {
    const first = Promise.withResolvers<ScriptedAnswer>();
    const { run, clock } = rig(first.promise, new GatewayError('connection_terminated'));
    const result = run().catch((error: unknown) => error);
    await clock.advance(afterMs);
    first.reject(new GatewayError('upstream_timeout'));
    expect(await result).toMatchObject({ reason: 'upstream_timeout' });
  });

  it('leaves an early failure to the retries', async () => {
    const { run, next, clock } = rig(new GatewayError('connection_terminated'));
    await expect(run()).rejects.toMatchObject({ reason: 'connection_terminated' });
    expect([next.runs.length, clock.pendingTimers]).toEqual([1, 0]);
  });

  it('makes no second attempt when the budget is spent', async () => {
    const first = Promise.withResolvers<ScriptedAnswer>();
    const { run, clock, next, budget } = rig(first.promise);
    while (budget.tryRetry());
    const result = run();
    await clock.advance(1_000);
    first.resolve(new ScriptedAnswer());
    await result;
    expect([next.runs.length, budget.retrying]).toEqual([1, 3]);
  });

  it('knows no usual time for a new route, and doubles nothing', async () => {
    const first = Promise.withResolvers<ScriptedAnswer>();
    const { clock, next, budget } = rig(first.promise);
    const parts = { clock, upstream: 'orders', budget, afterQuantile: 0.95, onHedge: () => undefined };
    const result = new HedgeStage(next, parts).run(new ScriptedCall(clock).nextAttempt());
    await clock.advance(5_000);
    first.resolve(new ScriptedAnswer());
    await result;
    expect(next.runs).toHaveLength(1);
  });
});
