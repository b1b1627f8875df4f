import { type Clock, type TimerHandle } from '@facet/context';

const failuresToOpen = 3;
/** Commands sent together fail together: only failures that go on so long are more than one hiccup. */
const hiccupMs = 100;
const firstProbeMs = 250;
/** Half of the 2 s within which the store must be in use again after its return. */
const lastProbeMs = 1000;

export interface StoreBreakerParts {
  readonly clock: Clock;
  /** Resolves when the store answers. */
  readonly probe: () => Promise<unknown>;
  readonly onChange: (isOpen: boolean) => void;
}

/**
 * Keeps requests from waiting for a store that is away: opens after 3 failures in a row, over at least 100 ms, and from
 * then on only its own probes ask, every 250 ms and up to 1 s apart. Born open: the first probe closes it. No request is
 * ever a probe.
 */
export class StoreBreaker {
  readonly #parts: StoreBreakerParts;
  #isOpen = true;
  #failures = 0;
  #failingSinceMs = 0;
  #probeMs = firstProbeMs;
  #timer: TimerHandle | undefined;
  #isStopped = false;

  constructor(parts: StoreBreakerParts) {
    this.#parts = parts;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#probeMs = firstProbeMs;
  }

  failed(): void {
    if (this.#isOpen) return;
    const nowMs = this.#parts.clock.monotonic();
    if (this.#failures++ === 0) this.#failingSinceMs = nowMs;
    if (this.#failures >= failuresToOpen && nowMs - this.#failingSinceMs >= hiccupMs) this.open();
  }

  /** The connection is lost, or enough failed. */
  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#parts.onChange(true);
    this.#schedule();
  }

  /** Asks now: the connection says it is ready. */
  async probe(): Promise<void> {
    this.#cancel();
    try {
      await this.#parts.probe();
    } catch {
      if (this.#isOpen) this.#schedule();
      else this.open();
      return;
    }
    this.#close();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  /** A store that closes us and fails again at once is asked less and less often; one success of a request resets it. */
  #close(): void {
    if (!this.#isOpen || this.#isStopped) return;
    this.#isOpen = false;
    this.#failures = 0;
    this.#probeMs = Math.min(this.#probeMs * 2, lastProbeMs);
    this.#parts.onChange(false);
  }

  #schedule(): void {
    if (this.#isStopped) return;
    this.#cancel();
    this.#timer = this.#parts.clock.setTimeout(() => void this.probe(), this.#probeMs);
  }

  #cancel(): void {
    if (this.#timer !== undefined) this.#parts.clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
