import { type Principal } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { Counter, type Registry } from 'prom-client';
import { type Pressure } from './pressure.ts';

/** The pressure from which a tier is turned away: who pays more is served longer. */
export const endurance: Readonly<Record<Principal['tier'], number>> = {
  anonymous: 1,
  free: 1.25,
  paid: 1.5,
  premium: 2,
  enterprise: 3,
};

/** From here on nobody is looked at any closer. */
const collapse = 4;

/** Turns requests away while the process is over its limits, early and the lowest tier first. */
export class Shedding {
  readonly #pressure: Pressure;
  readonly #shed: Counter<'tier'>;

  constructor(pressure: Pressure, registry: Registry) {
    this.#pressure = pressure;
    this.#shed = new Counter({
      name: 'gateway_shed_total',
      help: 'Requests turned away because the process was over its limits',
      labelNames: ['tier'],
      registers: [registry],
    });
  }

  /**
   * For a request of which nothing is verified yet: without a credential it is anonymous for sure.
   * @throws GatewayError `overloaded`
   */
  judgeUnknown(hasCredential: boolean): void {
    const { level } = this.#pressure;
    if (level < endurance.anonymous) return;
    if (!hasCredential) this.turnAway('anonymous');
    if (level >= collapse) this.turnAway('unknown');
  }

  /** @throws GatewayError `overloaded` */
  judge(principal: Principal): void {
    if (this.#pressure.level >= endurance[principal.tier]) this.turnAway(principal.tier);
  }

  /**
   * Counts and refuses; `Retry-After` is spread, so that those turned away together do not come back together.
   * @throws GatewayError `overloaded`
   */
  turnAway(tier: string): never {
    this.#shed.inc({ tier });
    throw new GatewayError('overloaded', { retryAfterMs: 1000 + Math.random() * 2000 });
  }
}
