import { type GatewayRequest } from '../request/gateway-request.ts';

/** Which requests are under way, and whether new ones should come. One per gateway. */
export class Traffic {
  // An array, not a Set: a Set's tables, outgrown every few dozen requests, point at one another, and one that has got
  // old keeps what the next ones held alive until a full collection.
  readonly #open: GatewayRequest[] = [];
  #isDraining = false;
  #onIdle: (() => void) | undefined;

  get inFlight(): number {
    return this.#open.length;
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
    if (this.#open.length === 0) this.#onIdle?.();
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    if (this.#open.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }
}
