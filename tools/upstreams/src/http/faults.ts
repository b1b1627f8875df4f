import { Type, type Static } from 'typebox';
import { createCheck } from './check.ts';

const HOUR_MS = 3_600_000;
const MILLION = 1_000_000;

/** What a service is told to do wrong. Of `reset`, `garbage`, `stallBody`, `status` the first that is set happens. */
export const faultsSchema = Type.Object(
  {
    /** Delay before the answer, failing or not. */
    latencyMs: Type.Optional(Type.Integer({ minimum: 0, maximum: HOUR_MS })),
    /** Share of requests that fail, evenly spread: 0.5 is every second one. Without it, all fail once a kind is named. */
    errorRate: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
    /** Status of a failing answer; 503 when no kind is named. */
    status: Type.Optional(Type.Integer({ minimum: 400, maximum: 599 })),
    /** The connection is reset without an answer. */
    reset: Type.Optional(Type.Boolean()),
    /** The work is done, headers and half of the body are sent, then nothing. */
    stallBody: Type.Optional(Type.Boolean()),
    /** The answer does not begin with an HTTP status line. */
    garbage: Type.Optional(Type.Boolean()),
    /** How long the faults last; until they are cleared when absent. */
    forMs: Type.Optional(Type.Integer({ minimum: 1, maximum: HOUR_MS })),
  },
  { additionalProperties: false },
);

export type Faults = Static<typeof faultsSchema>;

/** Throws 400 for anything but faults. */
export const checkFaults = createCheck(faultsSchema);

export type FaultKind = 'none' | 'status' | 'reset' | 'stallBody' | 'garbage';

export interface FaultDecision {
  kind: FaultKind;
  latencyMs: number;
  status: number;
}

const HEALTHY: FaultDecision = { kind: 'none', latencyMs: 0, status: 200 };

const kindOf = (faults: Faults): FaultKind => {
  if (faults.reset) return 'reset';
  if (faults.garbage) return 'garbage';
  if (faults.stallBody) return 'stallBody';
  return faults.status !== undefined || faults.errorRate !== undefined ? 'status' : 'none';
};

/** The faults of one service and what they mean for the next request. */
export class FaultSwitch {
  readonly #nowMs: () => number;
  #faults: Faults = {};
  #untilMs = Infinity;
  #requests = 0;

  /** `nowMs` must be monotonic. */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** Replaces what was set before and starts its spread anew. */
  set(faults: Faults): void {
    this.#faults = { ...faults };
    this.#untilMs = faults.forMs === undefined ? Infinity : this.#nowMs() + faults.forMs;
    this.#requests = 0;
  }

  /** What is in force; empty when nothing is. */
  current(): Faults {
    if (this.#nowMs() >= this.#untilMs) this.set({});
    return this.#faults;
  }

  next(): FaultDecision {
    const faults = this.current();
    const kind = kindOf(faults);
    const latencyMs = faults.latencyMs ?? 0;
    if (kind === 'none' || !this.#isTurn(faults.errorRate ?? 1)) return { ...HEALTHY, latencyMs };
    return { kind, latencyMs, status: faults.status ?? 503 };
  }

  #isTurn(rate: number): boolean {
    // Counted in whole millionths: sums of fractions such as 0.1 drift.
    const share = Math.round(rate * MILLION);
    const before = Math.floor((this.#requests * share) / MILLION);
    this.#requests += 1;
    return Math.floor((this.#requests * share) / MILLION) > before;
  }
}
