import { CallStage } from '../call-stage.ts';
import { ScriptedAnswer } from './scripted-call.ts';

/** What one run of a scripted stage brings: an answer, an error to throw, or a promise of an answer. */
export type Outcome = ScriptedAnswer | Error | Promise<ScriptedAnswer>;

/** The end of a chain in tests of single stages: remembers what came and brings what it was told to, else 200. */
export class ScriptedStage<C> extends CallStage<C, ScriptedAnswer> {
  readonly runs: C[] = [];
  readonly #next: (Outcome | ((run: C) => Outcome))[];

  constructor(...next: (Outcome | ((run: C) => Outcome))[]) {
    super();
    this.#next = next;
  }

  override async run(call: C): Promise<ScriptedAnswer> {
    this.runs.push(call);
    const next = this.#next.shift() ?? new ScriptedAnswer();
    const outcome = typeof next === 'function' ? next(call) : next;
    if (outcome instanceof Error) throw outcome;
    return outcome;
  }
}
