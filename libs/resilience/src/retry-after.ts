/**
 * Reads `Retry-After` (RFC 9110, 10.2.3): whole seconds, or an HTTP-date against the wall clock.
 * @returns ms to wait, never negative; undefined when there is none or it is neither
 */
export function parseRetryAfterMs(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,10}$/.test(value)) return Number(value) * 1000;
  // Date.parse takes far more than an HTTP-date; only the three forms of RFC 9110, 5.6.7 start with a weekday.
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(value)) return undefined;
  const dateMs = Date.parse(value);
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}
