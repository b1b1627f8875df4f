import { describe, expect, it } from '@jest/globals';
import { GatewayError } from '@facet/errors';
import { FakeClock } from '@facet/testing';
import { AttemptTimeoutHook } from './attempt-timeout-hook.ts';
import { HookedStage } from './hooked-stage.ts';
import {
  ScriptedAnswer,
  type ScriptedAttempt,
  ScriptedCall,
  type ScriptedCallOptions,
} from './test-doubles/scripted-call.ts';
import { ScriptedStage } from './test-doubles/scripted-stage.ts';

/** An attempt that answers when told, and fails when it is aborted. */
function rig(options: ScriptedCallOptions = {}) {
  const clock = new FakeClock();
  const pending = Promise.withResolvers<ScriptedAnswer>();
  const next = new ScriptedStage<ScriptedAttempt>((attempt) => {
    attempt.onAbort = (reason) => pending.reject(reason);
    return pending.promise;
  });
  const limits = { firstByteMs: 100, attemptMs: 300 };
  const stage = new HookedStage(next, clock, [new AttemptTimeoutHook(clock, 'orders', limits)]);
  const attempt = new ScriptedCall(clock, options).nextAttempt();
  const result = stage.run(attempt).catch((error: unknown) => error);
  return { clock, attempt, result, pending, next };
}

const timeout = { reason: 'upstream_timeout', status: 504, options: { upstream: 'orders' } };

describe('AttemptTimeoutHook', () => {
  it('gives up without a head in time', async () => {
    const { clock, result } = rig();
    await clock.advance(100);
    expect(await result).toMatchObject(timeout);
    expect(clock.pendingTimers).toBe(0);
  });

  it("gives the body the rest of the attempt's time once the head is there", async () => {
    const { clock, attempt, result } = rig();
    await clock.advance(99);
    attempt.answered = true;
    await clock.advance(200);
    expect(attempt.aborted).toBeUndefined();
    await clock.advance(1);
    expect(await result).toMatchObject(timeout);
  });

  it('gives up at the deadline when that is nearer', async () => {
    const { clock, result } = rig({ timeoutMs: 40 });
    await clock.advance(40);
    expect(await result).toMatchObject(timeout);
  });

  it('aborts when the client leaves, with the reason of the signal when it is one of ours', async () => {
    for (const reason of [undefined, new GatewayError('draining')]) {
      const leaving = new AbortController();
      const { result, clock } = rig({ signal: leaving.signal });
      leaving.abort(reason);
      expect(await result).toMatchObject({ reason: reason?.reason ?? 'client_closed_request' });
      expect(clock.pendingTimers).toBe(0);
    }
  });

  it('starts nothing for a client who has left', async () => {
    const { result, next } = rig({ signal: AbortSignal.abort() });
    expect(await result).toMatchObject({ reason: 'client_closed_request' });
    expect(next.runs).toHaveLength(0);
  });

  it('stops its timer at the head of a streamed answer, and listens for the client until its end', async () => {
    const leaving = new AbortController();
    const { clock, attempt, result, pending } = rig({ signal: leaving.signal });
    const answer = new ScriptedAnswer(200, { open: true });
    pending.resolve(answer);
    await result;
    await clock.advance(10_000);
    expect(attempt.aborted).toBeUndefined();
    leaving.abort();
    expect(attempt.aborted).toMatchObject({ reason: 'client_closed_request' });
  });
});
