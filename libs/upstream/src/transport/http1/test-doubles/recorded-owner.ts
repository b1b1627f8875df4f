import { ExpiryLine } from '@facet/resilience';
import { FakeClock } from '@facet/testing';
import { upstreamSettings } from '../../../upstream-settings.ts';
import { openerOf } from '../opener.ts';
import { type ConnectionOwner, UpstreamConnection } from '../upstream-connection.ts';

/** An owner that writes down what becomes of its connections, and waits for bodies by a clock of its own. */
export class RecordedOwner implements ConnectionOwner {
  readonly upstream = 'orders';
  readonly authority = 'orders.example';
  readonly clock = new FakeClock();
  readonly bodies = new ExpiryLine(this.clock);
  readonly bodyIdleMs = 1_000;
  /** How long each may be idle, in the order they became so. */
  readonly idled: (number | undefined)[] = [];
  readonly #closed = new Set<UpstreamConnection>();
  readonly #waiting = new Set<() => void>();

  readonly nowMs = (): number => this.clock.monotonic();

  /** @param connectMs real ones */
  open(url: string, connectMs = 10_000): UpstreamConnection {
    const [settings] = upstreamSettings([{ name: this.upstream, url, timeouts: { connectMs } }]);
    return new UpstreamConnection(this, openerOf(settings!));
  }

  idle(_connection: UpstreamConnection, idleMs: number | undefined): void {
    this.idled.push(idleMs);
  }

  closed(connection: UpstreamConnection): void {
    this.#closed.add(connection);
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  /** How many are of no more use. */
  get closedOnes(): number {
    return this.#closed.size;
  }

  async closedUpTo(count: number): Promise<void> {
    while (this.#closed.size < count) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }
}
