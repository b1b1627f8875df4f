/** `down` takes the instance out of the balancer; `degraded` only tells. */
export type HealthState = 'up' | 'degraded' | 'down';

export interface HealthReport {
  readonly state: HealthState;
  /** For operators: modes, ages, counts. No secret, no credential in a URL. */
  readonly details?: Readonly<Record<string, unknown>>;
}

type Check = () => HealthReport;

/**
 * Named checks behind `/health/ready` and `/health/deps`. A check answers from what is already known: it does no I/O,
 * so that asking is free and never hangs. Liveness asks none of them.
 */
export class HealthChecks {
  readonly #ready = new Map<string, Check>();
  readonly #dependencies = new Map<string, Check>();

  /** Counts for `/health/ready`: the worst state wins. */
  addReadiness(name: string, check: Check): void {
    this.#ready.set(name, check);
  }

  /** Listed in `/health/deps`: an upstream that is down does not make the gateway unready. */
  addDependency(name: string, check: Check): void {
    this.#dependencies.set(name, check);
  }

  removeDependency(name: string): void {
    this.#dependencies.delete(name);
  }

  readiness(): { state: HealthState; checks: Record<string, HealthReport> } {
    return summary(this.#ready);
  }

  dependencies(): { state: HealthState; checks: Record<string, HealthReport> } {
    return summary(this.#dependencies);
  }
}

function summary(checks: ReadonlyMap<string, Check>): {
  state: HealthState;
  checks: Record<string, HealthReport>;
} {
  const reports = Object.fromEntries([...checks].map(([name, check]) => [name, check()]));
  const states = new Set(Object.values(reports).map((report) => report.state));
  return { state: states.has('down') ? 'down' : states.has('degraded') ? 'degraded' : 'up', checks: reports };
}
