/** `npm run bench -- --faults` runs some tests at the size their fault is stated with; `npm test` has less time. */
const isFullSize = process.env['FULL_SIZE'] === '1';

/** How many, and how long a test with so many may take. */
export function sized(usual: number, full: number): number {
  return isFullSize ? full : usual;
}

export const sizedTimeoutMs = isFullSize ? 600_000 : undefined;
