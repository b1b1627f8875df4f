/** A `JwksSource` that answers what the test says, when the test says. */
export class ScriptedJwks {
  /** Fetches asked for. */
  fetches = 0;
  isClosed = false;
  #answer: () => unknown;
  #gate: Promise<void> | undefined;
  #open: (() => void) | undefined;

  constructor(answer: () => unknown) {
    this.#answer = answer;
  }

  /** From now on every fetch fails. */
  fail(): void {
    this.#answer = () => {
      throw new Error('the issuer is down');
    };
  }

  answer(answer: () => unknown): void {
    this.#answer = answer;
  }

  /** Fetches hang until `release`. */
  hold(): void {
    this.#gate = new Promise((resolve) => (this.#open = resolve));
  }

  release(): void {
    this.#gate = undefined;
    this.#open?.();
  }

  async fetch(signal: AbortSignal): Promise<unknown> {
    this.fetches++;
    const answer = this.#answer;
    if (this.#gate) {
      const aborted = new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error)),
      );
      await Promise.race([this.#gate, aborted]);
    }
    return answer();
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}
