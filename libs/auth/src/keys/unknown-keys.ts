import { type Clock } from '@facet/context';

const cooldownMs = 30_000;
const maxRemembered = 100;
const maxAtOnce = 4;
const refillMs = 10_000;

/**
 * Which unknown key ids are worth asking the issuer for. A key id is written by whoever sends a token, before anything of
 * it is verified: one that was asked for in vain is not asked for again for 30 s, and all of them together get four
 * questions at once and one more every 10 s. So strangers who name keys at random delay the sight of a rotation by 10 s
 * at most, and cost the issuer a few fetches.
 */
export class UnknownKeys {
  readonly #clock: Clock;
  /** When asked, monotonic ms; the oldest first. */
  readonly #inVain = new Map<string | undefined, number>();
  #left = maxAtOnce;
  #countedAtMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#countedAtMs = clock.monotonic();
  }

  /** Whether to fetch the keys for this one; a yes is counted. */
  mayAsk(kid: string | undefined): boolean {
    const nowMs = this.#clock.monotonic();
    const askedAtMs = this.#inVain.get(kid);
    if (askedAtMs !== undefined && nowMs < askedAtMs + cooldownMs) return false;
    this.#refill(nowMs);
    if (this.#left === 0) return false;
    this.#left--;
    return true;
  }

  /** The issuer has just been asked and does not know it. The latest 100 are remembered. */
  askedInVain(kid: string | undefined): void {
    this.#inVain.delete(kid);
    const oldest = this.#inVain.keys().next();
    if (this.#inVain.size >= maxRemembered && !oldest.done) this.#inVain.delete(oldest.value);
    this.#inVain.set(kid, this.#clock.monotonic());
  }

  #refill(nowMs: number): void {
    const due = Math.floor((nowMs - this.#countedAtMs) / refillMs);
    this.#left = Math.min(maxAtOnce, this.#left + due);
    // What is full does not save up for later.
    this.#countedAtMs = this.#left === maxAtOnce ? nowMs : this.#countedAtMs + due * refillMs;
  }
}
