export interface CancelListener {
  /** At most once. */
  cancelled(): void;
}

/**
 * Whether anybody still waits for an answer, for those who ask on every request. A listener on an `AbortSignal` costs
 * several microseconds and keeps what it knows alive beyond minor collections; one here does neither.
 */
export class Cancellation {
  #isCancelled = false;
  /** Mostly the only one. */
  #first: CancelListener | undefined;
  #others: CancelListener[] | undefined;
  #controller: AbortController | undefined;

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** The same for whoever needs the standard form; made when first asked for. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#isCancelled) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  /** Not told of what has happened already: ask `isCancelled` first. */
  add(listener: CancelListener): void {
    if (this.#first === undefined) this.#first = listener;
    else (this.#others ??= []).push(listener);
  }

  remove(listener: CancelListener): void {
    if (this.#first === listener) {
      this.#first = undefined;
      return;
    }
    const place = this.#others?.indexOf(listener) ?? -1;
    if (place !== -1) this.#others?.splice(place, 1);
  }

  /** Later calls do nothing. */
  cancel(): void {
    if (this.#isCancelled) return;
    this.#isCancelled = true;
    const first = this.#first;
    const others = this.#others;
    this.#first = undefined;
    this.#others = undefined;
    first?.cancelled();
    if (others) for (const listener of others) listener.cancelled();
    this.#controller?.abort();
  }
}
