const windows = { s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** `100/m` as data. */
export interface Rate {
  readonly limit: number;
  readonly windowMs: number;
}

/** Pattern of a rate in files: `n/s`, `n/m` or `n/h`, n from 1 to 999,999,999. */
export const ratePattern = '^[1-9][0-9]{0,8}/[smh]$';
const shape = new RegExp(ratePattern);

/** Reads `n/s | n/m | n/h`; undefined when it is none of these. */
export function parseRate(text: string): Rate | undefined {
  if (!shape.test(text)) return undefined;
  const [count, unit] = text.split('/') as [string, keyof typeof windows];
  return { limit: Number(count), windowMs: windows[unit] };
}
