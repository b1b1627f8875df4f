/** How one attempt ends, told to each hook that saw it begin: exactly one of the two. */
export interface AttemptEnd<A> {
  /** @param nowMs monotonic */
  answered(answer: A, nowMs: number): void;
  /** @param nowMs monotonic */
  failed(error: unknown, nowMs: number): void;
}

/** Looks at each attempt before it is made and after it has ended, and changes nothing of its answer. */
export abstract class AttemptHook<T, A> {
  /**
   * Throws to keep the attempt from being made.
   * @param nowMs monotonic
   */
  abstract begin(attempt: T, nowMs: number): AttemptEnd<A>;
}
