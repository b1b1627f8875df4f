import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '@facet/testing';
import { type AttemptEnd, AttemptHook } from './attempt-hook.ts';
import { HookedStage } from './hooked-stage.ts';
import { ScriptedAnswer } from './test-doubles/scripted-call.ts';
import { ScriptedStage } from './test-doubles/scripted-stage.ts';

/** Writes down what it is told; `refuses` to begin where that is asked. */
class Recorder extends AttemptHook<string, ScriptedAnswer> {
  readonly #name: string;
  readonly #told: string[];
  readonly #refusal: Error | undefined;

  constructor(name: string, told: string[], refusal?: Error) {
    super();
    this.#name = name;
    this.#told = told;
    this.#refusal = refusal;
  }

  override begin(attempt: string, nowMs: number): AttemptEnd<ScriptedAnswer> {
    if (this.#refusal !== undefined) throw this.#refusal;
    this.#told.push(`${this.#name} begins ${attempt} at ${nowMs}`);
    return {
      answered: ({ status }, endMs) => this.#told.push(`${this.#name} got ${status} at ${endMs}`),
      failed: (error, endMs) => this.#told.push(`${this.#name} got ${(error as Error).message} at ${endMs}`),
    };
  }
}

function rig() {
  const clock = new FakeClock();
  const told: string[] = [];
  const startMs = clock.monotonic();
  return { clock, told, startMs };
}

describe('HookedStage', () => {
  it('asks the first hook first and tells it last', async () => {
    const { clock, told, startMs } = rig();
    const pending = Promise.withResolvers<ScriptedAnswer>();
    const hooks = [new Recorder('outer', told), new Recorder('inner', told)];
    const running = new HookedStage(new ScriptedStage<string>(pending.promise), clock, hooks).run('a');
    await clock.advance(5);
    const answer = new ScriptedAnswer(204);
    pending.resolve(answer);
    expect(await running).toBe(answer);
    expect(told).toEqual([
      `outer begins a at ${startMs}`,
      `inner begins a at ${startMs}`,
      `inner got 204 at ${startMs + 5}`,
      `outer got 204 at ${startMs + 5}`,
    ]);
  });

  it('tells all of them of a failure', async () => {
    const { clock, told, startMs } = rig();
    const hooks = [new Recorder('outer', told), new Recorder('inner', told)];
    const stage = new HookedStage(new ScriptedStage<string>(new Error('down')), clock, hooks);
    await expect(stage.run('a')).rejects.toThrow('down');
    expect(told.slice(2)).toEqual([`inner got down at ${startMs}`, `outer got down at ${startMs}`]);
  });

  it('makes no attempt that a hook refuses, and tells those of it that had let it pass', async () => {
    const { clock, told, startMs } = rig();
    const next = new ScriptedStage<string>();
    const hooks = [
      new Recorder('outer', told),
      new Recorder('open', told, new Error('refused')),
      new Recorder('inner', told),
    ];
    await expect(new HookedStage(next, clock, hooks).run('a')).rejects.toThrow('refused');
    expect(next.runs).toHaveLength(0);
    expect(told).toEqual([`outer begins a at ${startMs}`, `outer got refused at ${startMs}`]);
  });
});
