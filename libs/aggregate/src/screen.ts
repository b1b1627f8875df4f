import { type Clock, type RequestContext } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { type Abort, attempt } from './attempt.ts';
import { type Outcome } from './outcome.ts';
import { type AnyPart } from './part.ts';

/** One aggregate while it runs: every part once, however many need it. */
export class Screen {
  readonly #context: RequestContext;
  readonly #clock: Clock;
  readonly #parts: Readonly<Record<string, AnyPart>>;
  readonly #outcomes = new Map<AnyPart, Promise<Outcome>>();
  readonly #running = new Set<Abort>();

  constructor(context: RequestContext, clock: Clock, parts: Readonly<Record<string, AnyPart>>) {
    this.#context = context;
    this.#clock = clock;
    this.#parts = parts;
  }

  /** Ends when every part has, or throws with the first required part that failed. */
  async outcomes(): Promise<(readonly [string, Outcome])[]> {
    const { signal } = this.#context;
    const leave = () => this.#abortAll(closed(signal.reason));
    if (signal.aborted) throw closed(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.all(
        Object.entries(this.#parts).map(async ([name, part]) => [name, await this.#outcome(part)] as const),
      );
    } catch (error) {
      this.#abortAll(gatewayError(error));
      throw error;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  #abortAll(reason: GatewayError): void {
    for (const abort of [...this.#running]) abort(reason);
  }

  #outcome(part: AnyPart): Promise<Outcome> {
    const known = this.#outcomes.get(part);
    if (known) return known;
    const outcome = this.#run(part);
    this.#outcomes.set(part, outcome);
    return outcome;
  }

  async #run(part: AnyPart): Promise<Outcome> {
    const deadline = this.#context.deadline.within(part.withinMs);
    try {
      const value = await attempt(this.#context, deadline, this.#clock, this.#running, (context) =>
        this.#load(part, context),
      );
      part.stale?.copies.keep(part.stale.key, value);
      return { value, loaded: { value } };
    } catch (cause) {
      const error = gatewayError(cause);
      if (part.required || this.#context.signal.aborted) throw error;
      return fallback(part, error);
    }
  }

  async #load(part: AnyPart, context: RequestContext): Promise<unknown> {
    const names = Object.keys(part.needs);
    // Parts that need nothing start in this very turn.
    if (names.length === 0) return part.load(context, {} as never);
    const needs = await Promise.all(
      Object.entries(part.needs).map(async ([name, needed]) => [name, await this.#loaded(needed)] as const),
    );
    context.signal.throwIfAborted();
    return part.load(context, Object.fromEntries(needs) as never);
  }

  async #loaded(part: AnyPart): Promise<unknown> {
    const { loaded, error } = await this.#outcome(part);
    if (loaded) return loaded.value;
    throw error ?? new GatewayError('internal_error');
  }
}

function fallback(part: AnyPart, error: GatewayError): Outcome {
  const copy = part.stale?.copies.find(part.stale.key);
  if (copy) return { value: copy.value, loaded: copy, error, rung: 'stale' };
  // A static default is something to show, not something to work with: parts that need this one are missing too.
  if (part.otherwise) return { value: part.otherwise.value, error, rung: 'static' };
  return { value: undefined, error, rung: 'partial' };
}

function gatewayError(cause: unknown): GatewayError {
  return cause instanceof GatewayError ? cause : new GatewayError('internal_error', { cause });
}

function closed(reason: unknown): GatewayError {
  return reason instanceof GatewayError
    ? reason
    : new GatewayError('client_closed_request', { cause: reason });
}
