import { type Clock, Deadline } from '@facet/context';
import { type GatewayError } from '@facet/errors';
import { type Answer, type DoneListener, type RepeatableCall } from '../call-stage.ts';
import { type CoalescableCall } from '../coalesce-stage.ts';
import { type HedgeableAttempt } from '../hedge-stage.ts';
import { Latencies } from '../latencies.ts';

export interface ScriptedCallOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly latencies?: Latencies;
  readonly repeatable?: boolean;
  readonly maxAttempts?: number;
  readonly retryStatuses?: readonly number[];
  readonly shareKey?: string;
}

/** A call for tests of single stages: 10 s of time, repeatable, shared with nobody. */
export class ScriptedCall implements RepeatableCall<ScriptedAttempt>, CoalescableCall<ScriptedCall> {
  readonly deadline: Deadline;
  readonly signal: AbortSignal;
  readonly latencies: Latencies;
  readonly repeatable: boolean;
  readonly maxAttempts: number | undefined;
  readonly retryStatuses: readonly number[] | undefined;
  readonly shareKey: string | undefined;
  readonly attempts: ScriptedAttempt[] = [];
  readonly #clock: Clock;
  readonly #options: ScriptedCallOptions;

  constructor(clock: Clock, options: ScriptedCallOptions = {}) {
    this.#clock = clock;
    this.#options = options;
    this.deadline = Deadline.after(clock, options.timeoutMs ?? 10_000);
    this.signal = options.signal ?? new AbortController().signal;
    this.latencies = options.latencies ?? new Latencies();
    this.repeatable = options.repeatable ?? true;
    this.maxAttempts = options.maxAttempts;
    this.retryStatuses = options.retryStatuses;
    this.shareKey = options.shareKey;
  }

  nextAttempt(): ScriptedAttempt {
    const attempt = new ScriptedAttempt(this);
    this.attempts.push(attempt);
    return attempt;
  }

  detached(signal: AbortSignal): ScriptedCall {
    return new ScriptedCall(this.#clock, { ...this.#options, signal });
  }
}

export class ScriptedAttempt implements HedgeableAttempt<ScriptedAttempt> {
  readonly call: ScriptedCall;
  readonly number: number;
  answered = false;
  limitMs: number | undefined;
  /** Why it was given up. */
  aborted: GatewayError | undefined;
  onAbort: (reason: GatewayError) => void = () => undefined;

  constructor(call: ScriptedCall) {
    this.call = call;
    this.number = call.attempts.length + 1;
  }

  get deadline(): Deadline {
    return this.call.deadline;
  }

  get signal(): AbortSignal {
    return this.call.signal;
  }

  get latencies(): Latencies {
    return this.call.latencies;
  }

  get hedgeable(): boolean {
    return this.call.repeatable;
  }

  sibling(): ScriptedAttempt {
    return this.call.nextAttempt();
  }

  abort(reason: GatewayError): void {
    this.aborted ??= reason;
    this.onAbort(reason);
  }
}

/** An answer whose body ends when the test says so; at once unless `open`. */
export class ScriptedAnswer implements Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  discarded = false;
  readonly #open: boolean;
  readonly #listeners: DoneListener[] = [];

  constructor(status = 200, { retryAfter, open = false }: { retryAfter?: string; open?: boolean } = {}) {
    this.status = status;
    this.retryAfter = retryAfter;
    this.#open = open;
  }

  discard(): void {
    this.discarded = true;
    this.end();
  }

  whenDone(listener: DoneListener): void {
    if (this.#open) this.#listeners.push(listener);
    else listener.done();
  }

  end(failure?: GatewayError): void {
    for (const listener of this.#listeners.splice(0)) listener.done(failure);
  }
}
