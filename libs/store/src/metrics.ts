import { type CounterSeries, HotCounter } from '@facet/management';
import { Gauge, type Registry } from 'prom-client';

export type CommandOutcome = 'ok' | 'timeout' | 'error' | 'refused';

/** What the shared store counts. */
export class StoreMetrics {
  readonly #up: Gauge;
  readonly #commands: HotCounter;
  readonly #outcomes: Partial<Record<CommandOutcome, CounterSeries>> = {};
  readonly #instances: Gauge;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#up = new Gauge({ name: 'gateway_store_up', help: '1 while the shared store is in use', registers });
    this.#commands = new HotCounter(
      'gateway_store_commands_total',
      'Commands to the shared store; refused: not sent, its breaker was open',
      registry,
    );
    this.#instances = new Gauge({
      name: 'gateway_store_live_instances',
      help: 'Instances of this gateway that share the store, at the last heartbeat',
      registers,
    });
  }

  up(isUp: boolean): void {
    this.#up.set(isUp ? 1 : 0);
  }

  command(outcome: CommandOutcome): void {
    (this.#outcomes[outcome] ??= this.#commands.with({ outcome })).count++;
  }

  instances(count: number): void {
    this.#instances.set(count);
  }
}
