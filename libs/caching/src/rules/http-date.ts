const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const month = `(${months.join('|')})`;
const time = '(\\d{2}):(\\d{2}):(\\d{2})';
const dayName = '(?:mon|tue|wed|thu|fri|sat|sun)';
const longDayName = '(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)';

const fixdate = new RegExp(`^${dayName}, (\\d{2}) ${month} (\\d{4}) ${time} gmt$`, 'i');
const rfc850 = new RegExp(`^${longDayName}, (\\d{2})-${month}-(\\d{2}) ${time} gmt$`, 'i');
const asctime = new RegExp(`^${dayName} ${month} ( \\d|\\d{2}) ${time} (\\d{4})$`, 'i');

/**
 * Reads an HTTP-date in one of its three forms, names in any case, nothing else bent (RFC 9110 section 5.6.7).
 * @param nowMs decides the century of a two-digit year
 * @returns ms since the epoch; undefined when it is no HTTP-date
 */
export function httpDate(value: string, nowMs: number): number | undefined {
  const text = value.trim();
  let match = fixdate.exec(text);
  if (match) return instant(match[3], match[2], match[1], match.slice(4, 7));
  match = rfc850.exec(text);
  if (match) return instant(century(match[3], nowMs), match[2], match[1], match.slice(4, 7));
  match = asctime.exec(text);
  if (match) return instant(match[6], match[1], match[2], match.slice(3, 6));
  return undefined;
}

/** The IMF-fixdate of an instant, ms since the epoch. */
export function toHttpDate(ms: number): string {
  return new Date(ms).toUTCString();
}

/** A year that seems more than 50 years ahead is one of the past. */
function century(twoDigits: string | undefined, nowMs: number): number {
  const thisYear = new Date(nowMs).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + Number(twoDigits);
  return year > thisYear + 50 ? year - 100 : year;
}

function instant(
  year: string | number | undefined,
  monthName: string | undefined,
  day: string | undefined,
  clock: readonly string[],
): number | undefined {
  const [hours = 0, minutes = 0, seconds = 0] = clock.map(Number);
  if (hours > 23 || minutes > 59 || seconds > 60) return undefined;
  const monthIndex = months.indexOf(monthName?.toLowerCase() ?? '');
  const ms = Date.UTC(Number(year), monthIndex, Number(day), hours, minutes, Math.min(seconds, 59));
  return new Date(ms).getUTCDate() === Number(day) ? ms : undefined;
}
