import { type Cancellation, type Deadline } from '@facet/context';
import { type GatewayError } from '@facet/errors';
import { type Latencies } from './latencies.ts';

/** One step of an upstream call. Each wraps the next; the order is told where they are put together, nowhere else. */
export abstract class CallStage<C, A> {
  abstract run(call: C): Promise<A>;
}

/** What every stage may know of a call. */
export interface Call {
  readonly deadline: Deadline;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** The same without the cost of a signal; absent: only the signal knows. */
  readonly cancellation?: Cancellation | undefined;
  /** How long calls of this route have lately taken. */
  readonly latencies: Latencies;
}

/** A call that can be tried more than once. */
export interface RepeatableCall<T extends Attempt> extends Call {
  /** Sending it twice does no more than sending it once, and its body can be sent again. */
  readonly repeatable: boolean;
  /** Attempts at most, the first included; absent: as the upstream's retry plan says. */
  readonly maxAttempts?: number | undefined;
  /** Statuses worth another attempt; absent: as the upstream's retry plan says. */
  readonly retryStatuses?: readonly number[] | undefined;
  nextAttempt(): T;
}

/** One try of a call. */
export interface Attempt extends Call {
  /** 1 for the first. */
  readonly number: number;
  /** True from the moment the head of the answer is there: the first-byte limit is over. */
  readonly answered: boolean;
  /** How long this attempt may take instead of the upstream's own limits, ms. */
  readonly limitMs?: number | undefined;
  /** Gives the attempt up: its socket is closed and it fails with `reason`. Later calls do nothing. */
  abort(reason: GatewayError): void;
}

/** What came back, whatever its status. */
export interface Answer {
  readonly status: number;
  /** The upstream's `Retry-After` as it came. */
  readonly retryAfter?: string | undefined;
  /** Nobody will read the body: it is drained up to a cap, or its socket is destroyed. */
  discard(): void;
  /** Tells the listener once the body has ended, failed or been discarded; at once when that has happened. */
  whenDone(listener: DoneListener): void;
}

export interface DoneListener {
  /** `failure` is present when the body broke off. */
  done(failure?: GatewayError): void;
}
