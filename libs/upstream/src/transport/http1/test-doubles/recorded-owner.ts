import { type Clock } from '@facet/context';
import { ExpiryLine } from '@facet/resilience';
import { type UpstreamSettings, upstreamSettings } from '../../../upstream-settings.ts';
import { openerOf } from '../opener.ts';
import { type ConnectionOwner, UpstreamConnection } from '../upstream-connection.ts';

/** An owner that writes down what becomes of its connections, and waits for bodies by the clock it is given. */
export class RecordedOwner implements ConnectionOwner {
  readonly upstream = 'orders';
  readonly authority = 'orders.example';
  readonly bodies: ExpiryLine;
  readonly bodyIdleMs = 1_000;
  /** How long each may be idle, in the order they became so. */
  readonly idled: (number | undefined)[] = [];
  readonly #closed = new Set<UpstreamConnection>();
  readonly #waiting = new Set<() => void>();

  readonly nowMs: () => number;

  constructor(clock: Clock) {
    this.bodies = new ExpiryLine(clock);
    this.nowMs = () => clock.monotonic();
  }

  /** @param connectMs real ones */
  open(url: string, connectMs = 10_000): UpstreamConnection {
    const [settings] = upstreamSettings([{ name: this.upstream, url, timeouts: { connectMs } }]);
    return new UpstreamConnection(this, openerOf(settings as UpstreamSettings));
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
