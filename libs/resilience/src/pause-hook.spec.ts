import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '@facet/testing';
import { Pause } from './pause.ts';
import { HookedStage } from './hooked-stage.ts';
import { PauseHook } from './pause-hook.ts';
import { ScriptedAnswer, type ScriptedAttempt, ScriptedCall } from './test-doubles/scripted-call.ts';
import { ScriptedStage } from './test-doubles/scripted-stage.ts';

function rig(status: number, retryAfter: string) {
  const clock = new FakeClock();
  const pause = new Pause(clock, 30_000);
  const next = new ScriptedStage<ScriptedAttempt>(new ScriptedAnswer(status, { retryAfter }));
  const calls = new HookedStage(next, clock, [new PauseHook('orders', pause, true)]);
  const forwards = new HookedStage(next, clock, [new PauseHook('orders', pause, false)]);
  const call = new ScriptedCall(clock);
  const ask = () => calls.run(call.nextAttempt());
  return { clock, next, ask, forwards };
}

const held = { reason: 'upstream_unavailable', options: { retryAfterMs: 3_000, upstream: 'orders' } };

describe('PauseHook', () => {
  it("sends nobody's attempt until the time a 503 named", async () => {
    const { clock, next, ask } = rig(503, '5');
    await ask();
    await clock.advance(2_000);
    await expect(ask()).rejects.toMatchObject(held);
    await clock.advance(3_000);
    expect(await ask()).toMatchObject({ status: 200 });
    expect(next.runs).toHaveLength(2);
  });

  it('passes first attempts on where an answer is wanted as it is, and holds repeated ones', async () => {
    const { clock, ask, forwards } = rig(503, '5');
    await ask();
    await clock.advance(2_000);
    const call = new ScriptedCall(clock);
    expect(await forwards.run(call.nextAttempt())).toMatchObject({ status: 200 });
    await expect(forwards.run(call.nextAttempt())).rejects.toMatchObject(held);
  });

  it('does not let one answer silence an upstream for longer than its cap', async () => {
    const { clock, ask } = rig(503, '86400');
    await ask();
    await clock.advance(30_000);
    expect(await ask()).toMatchObject({ status: 200 });
  });

  it("does not punish everybody for one caller's 429", async () => {
    const { ask } = rig(429, '60');
    await ask();
    expect(await ask()).toMatchObject({ status: 200 });
  });
});
