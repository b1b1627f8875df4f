let cachedSecond = -1;
let cachedPrefix = '';

/** ISO 8601 in UTC with milliseconds; the date part is made once a second. */
export function isoTime(nowMs: number): string {
  const second = Math.floor(nowMs / 1000);
  if (second !== cachedSecond) {
    cachedSecond = second;
    cachedPrefix = new Date(second * 1000).toISOString().slice(0, 20);
  }
  return `${cachedPrefix}${String(Math.floor(nowMs - second * 1000)).padStart(3, '0')}Z`;
}
