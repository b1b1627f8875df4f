import { describe, expect, it } from '@jest/globals';
import { GatewayError } from '@facet/errors';
import { FakeClock } from '@facet/testing';
import { Latencies } from './latencies.ts';
import { Pause } from './pause.ts';
import { RetryBudget } from './retry-budget.ts';
import { RetryStage } from './retry-stage.ts';
import { ScriptedAnswer, type ScriptedAttempt, ScriptedCall } from './test-doubles/scripted-call.ts';
import { ScriptedStage } from './test-doubles/scripted-stage.ts';

const plan = { attempts: 3, baseDelayMs: 100, maxDelayMs: 1_000, statuses: [503] };
const broken = () => new GatewayError('connection_terminated');
const down = (retryAfter?: string) => new ScriptedAnswer(503, retryAfter === undefined ? {} : { retryAfter });

function rig(...outcomes: ConstructorParameters<typeof ScriptedStage<ScriptedAttempt>>) {
  const clock = new FakeClock();
  const next = new ScriptedStage<ScriptedAttempt>(...outcomes);
  const budget = new RetryBudget(clock);
  const pause = new Pause(clock, 30_000);
  let retries = 0;
  const stage = new RetryStage(next, {
    clock,
    plan,
    budget,
    pause,
    random: () => 0.5,
    onRetry: () => retries++,
  });
  return { clock, next, budget, pause, stage, retries: () => retries };
}

describe('RetryStage', () => {
  it('gives back a good first answer', async () => {
    const { stage, next, clock } = rig();
    expect(await stage.run(new ScriptedCall(clock))).toMatchObject({ status: 200 });
    expect(next.runs).toHaveLength(1);
  });

  it('waits its jittered time before each retry', async () => {
    const { stage, next, clock, budget, retries } = rig(broken(), down());
    const run = stage.run(new ScriptedCall(clock));
    await clock.advance(0);
    await clock.advance(49);
    expect(next.runs).toHaveLength(1);
    await clock.advance(1);
    expect(next.runs).toHaveLength(2);
    await clock.advance(100);
    expect(await run).toMatchObject({ status: 200 });
    expect([next.runs.map(({ number }) => number), retries(), budget.retrying, budget.live]).toEqual([
      [1, 2, 3],
      2,
      0,
      0,
    ]);
  });

  it("gives up after the plan's attempts, with the last outcome", async () => {
    const { stage, next, clock } = rig(broken(), broken(), down());
    const run = stage.run(new ScriptedCall(clock));
    await clock.advance(0);
    await clock.advance(1_000);
    expect(await run).toMatchObject({ status: 503, discarded: false });
    expect(next.runs).toHaveLength(3);
  });

  it('frees the body of an answer it tries to better', async () => {
    const bad = down();
    const { stage, clock } = rig(bad);
    const run = stage.run(new ScriptedCall(clock));
    await clock.advance(0);
    await clock.advance(1_000);
    await run;
    expect(bad.discarded).toBe(true);
  });

  it('asks once for a call that must not be repeated', async () => {
    const { stage, next, clock } = rig(broken());
    await expect(stage.run(new ScriptedCall(clock, { repeatable: false }))).rejects.toMatchObject({
      reason: 'connection_terminated',
    });
    expect(next.runs).toHaveLength(1);
  });

  it.each([
    'connection_timeout',
    'upstream_protocol_error',
    'upstream_body_too_large',
    'upstream_unavailable',
    'client_closed_request',
  ] as const)('asks once after %s', async (reason) => {
    const { stage, next, clock } = rig(new GatewayError(reason));
    await expect(stage.run(new ScriptedCall(clock))).rejects.toMatchObject({ reason });
    expect(next.runs).toHaveLength(1);
  });

  it('does not retry when the deadline is nearer than a typical call', async () => {
    const latencies = new Latencies();
    for (let n = 0; n < 20; n++) latencies.record(400);
    const { stage, next, clock } = rig(broken());
    await expect(stage.run(new ScriptedCall(clock, { latencies, timeoutMs: 400 }))).rejects.toThrow();
    expect(next.runs).toHaveLength(1);
  });

  it.each([
    ['2', 2_001],
    ['Thu, 01 Jan 2026 00:00:03 GMT', 3_001],
  ])('waits as long as Retry-After: %s asks for', async (retryAfter, waitMs) => {
    const { stage, next, clock } = rig(down(retryAfter));
    const run = stage.run(new ScriptedCall(clock));
    await clock.advance(0);
    await clock.advance(waitMs - 1);
    expect(next.runs).toHaveLength(1);
    await clock.advance(1);
    expect(await run).toMatchObject({ status: 200 });
  });

  it('waits as long as anybody was asked to', async () => {
    const { stage, next, clock, pause } = rig(down());
    pause.heed({ status: 503, retryAfter: '4' });
    const run = stage.run(new ScriptedCall(clock));
    await clock.advance(0);
    await clock.advance(4_000);
    expect(next.runs).toHaveLength(1);
    await clock.advance(1);
    expect(await run).toMatchObject({ status: 200 });
  });

  it('does not wait for a Retry-After past the deadline', async () => {
    const { stage, clock } = rig(down('60'));
    expect(await stage.run(new ScriptedCall(clock))).toMatchObject({ status: 503 });
    expect(clock.pendingTimers).toBe(0);
  });

  it('stops waiting when the client leaves', async () => {
    const leaving = new AbortController();
    const { stage, next, clock, budget } = rig(broken());
    const run = stage
      .run(new ScriptedCall(clock, { signal: leaving.signal }))
      .catch((error: unknown) => error);
    await clock.advance(10);
    leaving.abort();
    expect(await run).toMatchObject({ reason: 'client_closed_request' });
    expect([next.runs.length, clock.pendingTimers, budget.retrying, budget.live]).toEqual([1, 0, 0, 0]);
  });

  it('keeps upstream requests within 1.2 per client request when everything fails', async () => {
    const clock = new FakeClock();
    const next = new ScriptedStage<ScriptedAttempt>(...Array.from({ length: 5_000 }, () => down()));
    const stage = new RetryStage(next, {
      clock,
      plan,
      budget: new RetryBudget(clock),
      pause: new Pause(clock, 30_000),
      random: Math.random,
      onRetry: () => undefined,
    });
    const runs = Array.from({ length: 1_000 }, () => stage.run(new ScriptedCall(clock)));
    await clock.advance(0);
    await clock.advance(10_000);
    await Promise.all(runs);
    expect(next.runs.length).toBeLessThanOrEqual(1_200);
    expect(next.runs.length).toBeGreaterThan(1_000);
  });

  it('lets a call have its own attempts and statuses', async () => {
    const { stage, next, clock } = rig(new ScriptedAnswer(500), down());
    const run = stage.run(new ScriptedCall(clock, { maxAttempts: 2, retryStatuses: [500] }));
    await clock.advance(0);
    await clock.advance(1_000);
    expect(await run).toMatchObject({ status: 503 });
    expect(next.runs).toHaveLength(2);
  });
});
