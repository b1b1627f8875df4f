import { describe, expect, it } from '@jest/globals';
import { Deadline } from '@facet/context';
import { FakeClock } from '@facet/testing';
import { Bulkhead } from './bulkhead.ts';
import { BulkheadStage } from './bulkhead-stage.ts';
import { ScriptedAnswer, ScriptedCall } from './test-doubles/scripted-call.ts';
import { ScriptedStage } from './test-doubles/scripted-stage.ts';

const clock = new FakeClock();
const never = new AbortController().signal;
const soon = () => Deadline.after(clock, 1_000);
const busy = { reason: 'upstream_busy', status: 503, options: { retryAfterMs: 1_000, upstream: 'orders' } };

function full(maxQueue: number): Bulkhead {
  const bulkhead = new Bulkhead(clock, 'orders', { maxConcurrent: 1, maxQueue });
  bulkhead.tryEnter();
  return bulkhead;
}

describe('Bulkhead', () => {
  it('lets so many in and no more', () => {
    const bulkhead = new Bulkhead(clock, 'orders', { maxConcurrent: 2, maxQueue: 0 });
    expect([bulkhead.tryEnter(), bulkhead.tryEnter(), bulkhead.tryEnter()]).toEqual([true, true, false]);
    bulkhead.done();
    expect(bulkhead.tryEnter()).toBe(true);
  });

  it('serves the line in order', async () => {
    const bulkhead = full(2);
    const served: number[] = [];
    const waits = [1, 2].map((n) => bulkhead.enter(soon(), never, 0).then(() => served.push(n)));
    bulkhead.done();
    await waits[0];
    expect(served).toEqual([1]);
    bulkhead.done();
    await waits[1];
    expect([served, bulkhead.active, bulkhead.queued]).toEqual([[1, 2], 1, 0]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('refuses who finds the line full', async () => {
    const bulkhead = full(1);
    void bulkhead.enter(soon(), never, 0);
    await expect(async () => bulkhead.enter(soon(), never, 0)).rejects.toMatchObject(busy);
    bulkhead.done();
  });

  it('refuses who would not be served before his deadline', async () => {
    await expect(async () => full(9).enter(soon(), never, 1_000)).rejects.toMatchObject(busy);
  });

  it('refuses who has waited until his deadline, and forgets him', async () => {
    const bulkhead = full(1);
    const wait = bulkhead.enter(soon(), never, 0).catch((error: unknown) => error);
    await clock.advance(1_000);
    expect(await wait).toMatchObject(busy);
    expect([bulkhead.active, bulkhead.queued]).toEqual([1, 0]);
  });

  it('lets a client leave the line', async () => {
    const bulkhead = full(1);
    const leaving = new AbortController();
    const wait = bulkhead.enter(soon(), leaving.signal, 0).catch((error: unknown) => error);
    leaving.abort();
    expect(await wait).toMatchObject({ reason: 'client_closed_request' });
    expect([bulkhead.queued, clock.pendingTimers]).toEqual([0, 0]);
    await expect(async () => bulkhead.enter(soon(), leaving.signal, 0)).rejects.toMatchObject({
      reason: 'client_closed_request',
    });
  });
});

describe('BulkheadStage', () => {
  it('holds its place until the body has ended', async () => {
    const bulkhead = new Bulkhead(clock, 'orders', { maxConcurrent: 1, maxQueue: 0 });
    const answer = new ScriptedAnswer(200, { open: true });
    await new BulkheadStage(new ScriptedStage<ScriptedCall>(answer), bulkhead).run(new ScriptedCall(clock));
    expect(bulkhead.active).toBe(1);
    answer.end();
    expect(bulkhead.active).toBe(0);
  });

  it('gives its place back after a failure', async () => {
    const bulkhead = new Bulkhead(clock, 'orders', { maxConcurrent: 1, maxQueue: 0 });
    const stage = new BulkheadStage(new ScriptedStage<ScriptedCall>(new Error('no')), bulkhead);
    await expect(stage.run(new ScriptedCall(clock))).rejects.toThrow('no');
    expect(bulkhead.active).toBe(0);
  });
});
