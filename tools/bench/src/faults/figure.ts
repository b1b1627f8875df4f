import { type Scene } from './scene.ts';

/** One number a fault must show, with what it is held against. */
export interface Figure {
  /** The row of the faults it belongs to, and what is measured. */
  readonly name: string;
  /** `<= 5 ms` */
  readonly goal: string;
  /** Leaves faults behind as it likes: the scene is put right before the next one. */
  measure(scene: Scene): Promise<Reading>;
}

export interface Reading {
  /** With its unit. */
  readonly seen: string;
  readonly holds: boolean;
}

/** A reading of milliseconds that must not exceed a limit. */
export function atMost(limitMs: number, valueMs: number, note = ''): Reading {
  return { seen: `${valueMs.toFixed(1)} ms${note === '' ? '' : ` (${note})`}`, holds: valueMs <= limitMs };
}

/** The value below which this share of all values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Median and 99th percentile in words. */
export function spread(values: readonly number[]): string {
  return `median ${quantile(values, 0.5).toFixed(1)}, ${values.length} samples`;
}
