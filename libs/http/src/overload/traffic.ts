import { type GatewayRequest } from '../request/gateway-request.ts';

/** Which requests are under way, and whether new ones should come. One per gateway. */
export class Traffic {
  // An array, not a Set: a Set's tables, outgrown every few dozen requests, point at one another, and one that has got
  // old keeps what the next ones held alive until a full collection.
  readonly #open: GatewayRequest[] = [];
  #waiting = 0;
  #isDraining = false;
  #onIdle: (() => void) | undefined;

  get inFlight(): number {
    return this.#open.length;
  }

  /** Requests that stand at the door: come, but not under way. */
  get waiting(): number {
    return this.#waiting;
  }

  wait(): void {
    this.#waiting++;
  }

  stopWaiting(): void {
    this.#waiting--;
    this.#tellIfIdle();
  }

  /** As they are now, in no order. */
  get open(): readonly GatewayRequest[] {
    return [...this.#open];
  }

  /** The instance is leaving: it says so in its readiness and asks clients to reconnect elsewhere. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  drain(): void {
    this.#isDraining = true;
  }

  begin(request: GatewayRequest): void {
    request.place = this.#open.push(request) - 1;
  }

  end(request: GatewayRequest): void {
    const { place } = request;
    if (place === -1) return;
    request.place = -1;
    const last = this.#open.pop();
    if (last !== undefined && last !== request) {
      this.#open[place] = last;
      last.place = place;
    }
    this.#tellIfIdle();
  }

  /** Resolves when nothing is under way and nobody waits. */
  idle(): Promise<void> {
    if (this.#isIdle) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }

  get #isIdle(): boolean {
    return this.#open.length === 0 && this.#waiting === 0;
  }

  #tellIfIdle(): void {
    if (this.#isIdle) this.#onIdle?.();
  }
}
